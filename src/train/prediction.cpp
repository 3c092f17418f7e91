#include "train/prediction.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

namespace chainrule {
namespace {

// `y` of a number, `y[0]`, `y[1]` of a vector.
std::vector<std::string> element_names(const std::string& name, std::size_t size) {
    if (size == 1) {
        return {name};
    }
    std::vector<std::string> names;
    for (std::size_t i = 0; i < size; ++i) {
        names.push_back(fmt::format("{}[{}]", name, i));
    }
    return names;
}

std::vector<std::string> class_names(const AnswerRule& rule, const LearntData& learnt) {
    if (!learnt.labels.empty()) {
        return learnt.labels;
    }
    if (rule.kind == AnswerKind::signs) {
        return {"-1", "1"};
    }
    if (rule.kind == AnswerKind::one_hot && learnt.has_header) {
        return learnt.target_columns;
    }
    std::vector<std::string> names;
    for (std::size_t k = 0; k < rule.classes; ++k) {
        names.push_back(std::to_string(k));
    }
    return names;
}

}  // namespace

Predictor::Predictor(ModelSetup& setup, const Dataset& like, std::optional<std::size_t> rows)
    : pool_(setup.train_setup().pool), rule_(setup.rule()) {
    const Model& model = setup.model();
    const Network& network = model.network;
    if (!rule_) {
        roots_ = network.outputs;
        name_outputs(network);
    } else {
        roots_ = {rule_->output};
        rule_->classes > 0 ? name_classes(model.learnt) : name_numbers(network, model.learnt);
    }
    // So many that what threads spend on meeting after each run is small beside the run, and so few
    // that what layers of usual width hold stays in the caches.
    constexpr std::size_t rows_of_a_run = 4096;
    forward_ =
        make_forward(setup.train_setup(), roots_, like,
                     std::clamp<std::size_t>(rows.value_or(rows_of_a_run), 1, rows_of_a_run));
    forward_->set_weights(model.weights);
}

void Predictor::name_classes(const LearntData& learnt) {
    classes_ = class_names(*rule_, learnt);
    if (!rule_->tells_probabilities() && rule_->size == 1) {
        columns_ = {"score"};
    } else {
        for (const std::string& name : classes_) {
            columns_.push_back((rule_->tells_probabilities() ? "p_" : "score_") + name);
        }
    }
    columns_.emplace_back("class");
}

void Predictor::name_numbers(const Network& network, const LearntData& learnt) {
    columns_ = learnt.has_header
                   ? learnt.target_columns
                   : element_names(network.graph.name(network.targets[0]), rule_->size);
}

void Predictor::name_outputs(const Network& network) {
    for (const NodeId output : network.outputs) {
        const auto size = static_cast<std::size_t>(element_count(network.graph.type(output).shape));
        const auto names = element_names(network.graph.name(output), size);
        columns_.insert(columns_.end(), names.begin(), names.end());
    }
}

// The probabilities or scores, and the class behind them.
void Predictor::answer_class(std::span<const double> output, std::span<double> numbers) const {
    const std::span<double> scores = numbers.first(numbers.size() - 1);
    const std::span<double> own = scores.last(output.size());
    std::ranges::copy(output, own.begin());
    rule_->to_probabilities(own);
    if (scores.size() > own.size()) {
        scores[0] = 1 - own[0];
    }
    const auto answered = rule_->class_of(output);
    numbers.back() =
        answered ? static_cast<double>(*answered) : std::numeric_limits<double>::quiet_NaN();
}

void Predictor::answer(std::size_t example, std::span<double> numbers) const {
    if (!classes_.empty()) {
        answer_class(forward_->value(0, example), numbers);
        return;
    }
    auto place = numbers.begin();
    for (std::size_t root = 0; root < roots_.size(); ++root) {
        place = std::ranges::copy(forward_->value(root, example), place).out;
    }
}

std::span<const double> Predictor::run(const Dataset& data, std::size_t first, std::size_t count) {
    rows_.resize(count);
    std::iota(rows_.begin(), rows_.end(), first);
    forward_->run(data, rows_);
    const std::size_t width = columns_.size();
    numbers_.resize(count * width);
    constexpr std::size_t tile_rows = 512;
    pool_.run((count + tile_rows - 1) / tile_rows, [&](std::size_t tile, std::size_t) {
        const std::size_t end = std::min(count, (tile + 1) * tile_rows);
        for (std::size_t row = tile * tile_rows; row < end; ++row) {
            answer(row, std::span(numbers_).subspan(row * width, width));
        }
    });
    return numbers_;
}

}  // namespace chainrule
