#include "train/symptoms.h"

#include <algorithm>
#include <bit>
#include <optional>

#include "train/symptom_tests.h"

namespace chainrule {
namespace {

// Up to so many products of a weight and a row, the reference evaluator is done before a compiler
// had begun.
constexpr std::size_t most_by_reference = std::size_t{1} << 16;
constexpr std::size_t rows_by_reference = 64;
constexpr std::size_t rows_compiled = 256;

std::size_t numbers_in(const Network& network) {
    std::size_t count = 0;
    for (const Weight& weight : network.weights) {
        count += static_cast<std::size_t>(element_count(network.graph.type(weight.node).shape));
    }
    return count;
}

bool is_small(const Network& network) {
    return numbers_in(network) * rows_by_reference <= most_by_reference;
}

TrainOptions sample_options(const TrainSetup& setup) {
    TrainOptions options = setup.options;
    if (is_small(setup.network)) {
        options.backend = Backend::reference;
    }
    return options;
}

// At equal distances, of those that count: rows of weight 0 have no loss.
Dataset sampled(const TrainSetup& setup, const ExampleSource& training) {
    const std::vector<double>& weights = training.window().weights;
    std::vector<std::size_t> counting;
    for (std::size_t row = 0; row < training.filled(); ++row) {
        if (weights.empty() || weights[row] > 0) {
            counting.push_back(row);
        }
    }
    const std::size_t most = is_small(setup.network) ? rows_by_reference : rows_compiled;
    std::vector<std::size_t> rows(std::min(most, counting.size()));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i] = counting[i * counting.size() / rows.size()];
    }
    return select_rows(training.window(), rows);
}

std::vector<NodeId> nodes_of(const std::vector<HiddenUnits>& units) {
    std::vector<NodeId> nodes;
    for (const HiddenUnits& each : units) {
        nodes.push_back(each.node);
    }
    return nodes;
}

}  // namespace

SymptomWatch::SymptomWatch(const TrainSetup& setup, const ExampleSource& training,
                           SymptomState& state)
    : options_(sample_options(setup)),
      setup_{setup.network, setup.objective, options_, setup.pool},
      rows_(sampled(setup, training)),
      state_(state),
      units_(hidden_units(setup.network)) {}

std::vector<Symptom> SymptomWatch::begin(std::span<const Tensor> weights) {
    return look(0, {}, weights);
}

std::vector<Symptom> SymptomWatch::end_epoch(std::span<const EpochRecord> epochs,
                                             std::span<const Tensor> weights) {
    return look(epochs.back().epoch, epochs, weights);
}

std::vector<Symptom> SymptomWatch::look(std::int64_t epoch, std::span<const EpochRecord> epochs,
                                        std::span<const Tensor> weights) {
    std::optional<SampleValues> values;
    const auto sample_at = [this](std::span<const Tensor> at) {
        if (sample_ == nullptr) {
            sample_ = std::make_unique<GradientSample>(setup_, rows_, rows_.rows, nodes_of(units_));
        }
        return sample_->values_at(at);
    };
    if (epoch == 0 || std::has_single_bit(static_cast<std::uint64_t>(epoch))) {
        values = sample_at(weights);
    }
    if (epoch == 0) {
        state_.first_loss = values->loss;
        state_.first_gradient = length_of(values->gradients);
    }
    const auto values_of = [this, weights](const std::vector<NodeId>& nodes) {
        return GradientSample(setup_, rows_, rows_.rows, nodes).values_at(weights).watched;
    };
    const TrainingView view{.network = setup_.network,
                            .objective = setup_.objective,
                            .options = setup_.options,
                            .rows = rows_,
                            .units = units_,
                            .weights = weights,
                            .state = state_,
                            .epoch = epoch,
                            .epochs = epochs,
                            .sample = values ? &*values : nullptr,
                            .sample_at = sample_at,
                            .values_of = values_of};
    std::vector<Symptom> found;
    for (const SymptomTest& test : symptom_tests()) {
        if (test.is_known(view)) {
            continue;
        }
        for (Finding& finding : test.find(view)) {
            found.push_back(
                {std::string(test.name), epoch, std::move(finding.message), finding.span});
            state_.told.push_back(found.back());
        }
    }
    return found;
}

}  // namespace chainrule
