#include "train/failure.h"

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

Failure infinite_weight(const Network& network, std::span<const Tensor> weights) {
    const auto bad = std::ranges::find_if_not(
        weights, [](const Tensor& weight) { return are_finite({&weight, 1}); });
    const auto i = static_cast<std::size_t>(bad - weights.begin());
    return {0, "the step makes " + weight_name(network, i) + " infinite", network.weights[i].node};
}

}  // namespace

Failure find_failure(const FailedRun& run, std::span<const std::size_t> order, std::size_t batch) {
    const std::unique_ptr<Descent> descent = make_descent(run.setup, run.data);
    descent->set_weights(run.weights);
    std::vector<Tensor> before(run.weights.begin(), run.weights.end());
    std::size_t number = 0;
    for (std::size_t first = 0; first < order.size(); first += batch, ++number) {
        const auto rows = order.subspan(first, std::min(batch, order.size() - first));
        descent->run(rows, batch);
        std::vector<Tensor> after = descent->weights();
        if (!are_finite(after)) {
            Failure failure =
                find_value(run, before, rows).value_or(infinite_weight(run.setup.network, after));
            failure.step = number;
            return failure;
        }
        before = std::move(after);
    }
    throw InternalError("a run of steps that failed did not fail when it was taken again");
}

}  // namespace chainrule
