#include "train/failure.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "train/feed.h"
#include "train/weights.h"

namespace chainrule {
namespace {

const std::string& weight_name(const Network& network, std::size_t weight) {
    return network.graph.name(network.weights[weight].node);
}

// Of the step at these weights: the first named value that is not finite, else the loss, else a gradient.
// A value that the loss masks may be infinite.
std::optional<Failure> find_value(const FailedRun& run, std::span<const Tensor> weights,
                                  std::span<const std::size_t> rows) {
    const Objective& objective = run.setup.objective;
    const Network& network = run.setup.network;
    std::vector<NodeId> roots = objective.gradients;
    roots.push_back(objective.total);
    BatchEvaluator step(objective.graph, roots);
    feed_constants(step, network);
    feed_weights(step, network, weights);
    feed_rows(step, network, run.data, rows);
    step.run();
    const auto bad = std::ranges::find_if_not(objective.gradients,
                                              [&](NodeId id) { return are_finite(step[id]); });
    const bool bad_loss = !are_finite(step[objective.total]);
    if (!bad_loss && bad == objective.gradients.end()) {
        return std::nullopt;
    }
    for (const NodeId id : step.nodes()) {
        if (objective.graph.is_named(id) && !are_finite(step[id])) {
            return Failure{0, objective.graph.name(id) + " is the first value that is not finite",
                           id};
        }
    }
    if (bad_loss) {
        return Failure{0, "the loss is not finite, though every named value is", network.loss};
    }
    const auto i = static_cast<std::size_t>(bad - objective.gradients.begin());
    return Failure{
        0, "the gradient of " + weight_name(network, i) + " is not finite, though the loss is",
        network.weights[i].node};
}

std::size_t first_infinite(std::span<const Tensor> tensors) {
    const auto bad = std::ranges::find_if_not(
        tensors, [](const Tensor& tensor) { return are_finite({&tensor, 1}); });
    return static_cast<std::size_t>(bad - tensors.begin());
}

// The weight that is infinite after the step, or else the state of the optimiser.
Failure infinite_value(const Network& network, const Descent& after) {
    const std::vector<Tensor> weights = after.weights();
    if (const std::size_t i = first_infinite(weights); i < weights.size()) {
        return {0, "the step makes " + weight_name(network, i) + " infinite",
                network.weights[i].node};
    }
    const std::string state = after.state_names().at(first_infinite(after.states()));
    return {0, fmt::format("the step makes {} of the optimizer infinite", state), network.loss};
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
            return failure;
        }
        descent->read_weights(before);
    }
    throw InternalError("a run of steps that failed did not fail when it was taken again");
}

}  // namespace chainrule
