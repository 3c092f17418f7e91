#include "train/failure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "train/failed_step.h"
#include "train/weights.h"

namespace chainrule {
namespace {

const std::string& weight_name(const Network& network, std::size_t weight) {
    return network.graph.name(network.weights[weight].node);
}

std::size_t first_infinite(std::span<const Tensor> tensors) {
    const auto bad = std::ranges::find_if_not(
        tensors, [](const Tensor& tensor) { return are_finite({&tensor, 1}); });
    return static_cast<std::size_t>(bad - tensors.begin());
}

const char* kind_of(const Tensor& tensor) {
    return std::ranges::any_of(tensor.data, [](double x) { return std::isnan(x); }) ? "NaN"
                                                                                    : "infinite";
}

// The weight that is infinite or NaN after the step, or else the state of the optimiser.
Failure infinite_value(const Network& network, const Descent& after) {
    const std::vector<Tensor> weights = after.weights();
    if (const std::size_t i = first_infinite(weights); i < weights.size()) {
        return {0,
                fmt::format("the step makes {} {}", weight_name(network, i), kind_of(weights[i])),
                network.weights[i].node};
    }
    const std::vector<Tensor> states = after.states();
    const std::size_t i = first_infinite(states);
    return {0,
            fmt::format("the step makes {} of the optimizer {}", after.state_names().at(i),
                        kind_of(states.at(i))),
            network.loss};
}

}  // namespace

Failure find_failure(const FailedRun& run, std::span<const std::size_t> order, std::size_t batch) {
    const std::unique_ptr<Descent> descent = make_descent(run.setup, run.data);
    descent->set_weights(run.weights);
    descent->set_states(run.states);
    descent->set_rate(run.rate);
    std::vector<Tensor> before(run.weights.begin(), run.weights.end());
    std::size_t number = 0;
    for (std::size_t first = 0; first < order.size(); first += batch, ++number) {
        const auto rows = order.subspan(first, std::min(batch, order.size() - first));
        descent->run(rows, batch);
        if (!descent->is_finite()) {
            const std::optional<Failure> value = find_value(run, before, rows);
            Failure failure = value ? *value : infinite_value(run.setup.network, *descent);
            failure.step = number;
            if (failure.advice.empty()) {
                failure.advice = advice_on_steps(run.setup.options, run.rate);
            }
            return failure;
        }
        descent->read_weights(before);
    }
    throw InternalError("a run of steps that failed did not fail when it was taken again");
}

std::int64_t step_of(const Failure& failure, std::int64_t epoch, std::int64_t done,
                     std::int64_t batches) {
    return (epoch - 1) * batches + done + static_cast<std::int64_t>(failure.step) + 1;
}

std::string place_of(const Failure& failure, std::int64_t epoch, std::int64_t done,
                     std::int64_t batches) {
    return fmt::format("at step {} (epoch {}, batch {}): {}",
                       step_of(failure, epoch, done, batches), epoch,
                       done + static_cast<std::int64_t>(failure.step) + 1, failure.what);
}

Diagnostic warning_of_loss(const Network& network, const std::string& whose,
                           const Failure& failure) {
    return {.severity = Severity::warning,
            .message = failure.what.empty() ? whose : whose + ": " + failure.what,
            .span = network.graph.origin(failure.node),
            .notes = failure.notes};
}

std::string advice_on_steps(const TrainOptions& options, double rate) {
    return options.has_rate() ? fmt::format("try a smaller rate than {}, or other initial values",
                                            format_number(rate))
                              : "try other initial values";
}

Diagnostic stopped_training(const std::string& when_and_what, const std::string& advice) {
    return {.message = fmt::format("training stopped {}; {}", when_and_what, advice),
            .span = {},
            .notes = {}};
}

}  // namespace chainrule
