#include "train/assessor.h"

#include <algorithm>
#include <numeric>

#include "train/class_scores.h"
#include "train/number_scores.h"

namespace chainrule {
namespace {

std::vector<NodeId> roots_of(const Objective& objective, const std::optional<AnswerRule>& rule) {
    std::vector<NodeId> roots = objective.terms;
    if (rule) {
        roots.push_back(rule->output);
    }
    return roots;
}

// The answers of a network, as its rule reads them.
class Answers {
public:
    explicit Answers(const AnswerRule& rule)
        : rule_(rule),
          classes_(rule.classes, rule.tells_probabilities()),
          numbers_(rule.classes > 0 ? 0 : rule.size) {}

    void add(std::span<const double> target, std::span<const double> answer) {
        if (rule_.classes == 0) {
            numbers_.add(target, answer);
            return;
        }
        scores_.assign(answer.begin(), answer.end());
        rule_.to_probabilities(scores_);
        classes_.add(rule_.class_of_target(target), rule_.class_of(answer), scores_);
    }

    void write_to(Metrics& metrics) const {
        rule_.classes > 0 ? classes_.write_to(metrics) : numbers_.write_to(metrics);
    }

private:
    const AnswerRule& rule_;
    ClassScores classes_;
    NumberScores numbers_;
    std::vector<double> scores_;
};

}  // namespace

Assessor::Assessor(const TrainSetup& setup, std::optional<AnswerRule> rule)
    : setup_(setup), rule_(rule) {}

void Assessor::set_weights(std::span<const Tensor> weights) {
    weights_.assign(weights.begin(), weights.end());
    for (auto& [formats, forward] : forwards_) {
        forward->set_weights(weights_);
    }
}

Forward& Assessor::forward_for(const Dataset& data) {
    std::vector<NumberFormat> formats;
    for (const Numbers& numbers : data.inputs) {
        formats.push_back(numbers.format());
    }
    std::unique_ptr<Forward>& forward = forwards_[formats];
    if (forward == nullptr) {
        forward = make_forward(setup_, roots_of(setup_.objective, rule_), data);
        forward->set_weights(weights_);
    }
    return *forward;
}

Metrics Assessor::assess(const Dataset& data) {
    const Objective& objective = setup_.objective;
    Forward& forward = forward_for(data);
    const std::size_t answer = objective.terms.size();  // the root behind the terms
    const std::span<const double> targets = data.targets;
    std::vector<std::size_t> rows;
    std::vector<double> sums(objective.terms.size(), 0);
    std::optional<Answers> answers;
    if (rule_) {
        answers.emplace(*rule_);
    }
    for (std::size_t first = 0; first < data.rows; first += forward.most_rows()) {
        rows.resize(std::min(forward.most_rows(), data.rows - first));
        std::iota(rows.begin(), rows.end(), first);
        forward.run(data, rows);
        for (std::size_t term = 0; term < sums.size(); ++term) {
            for (std::size_t i = 0; i < rows.size(); ++i) {
                sums[term] += forward.value(term, i)[0];
            }
        }
        for (std::size_t i = 0; answers && i < rows.size(); ++i) {
            answers->add(targets.subspan(rows[i] * data.target_size, data.target_size),
                         forward.value(answer, i));
        }
    }
    Metrics metrics;
    const auto count = static_cast<double>(data.rows);
    for (std::size_t term = 0; term < sums.size(); ++term) {
        const bool each = objective.graph.type(objective.terms[term]).per_example;
        metrics.loss += each ? sums[term] / count : forward.value(term, 0)[0];
    }
    if (answers) {
        answers->write_to(metrics);
    }
    return metrics;
}

}  // namespace chainrule
