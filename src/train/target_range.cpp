#include "train/target_range.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "ops/op_list.h"
#include "passes/selection.h"

namespace chainrule {
namespace {

// The target that a binary cross-entropy takes, if one does.
std::optional<NodeId> target_of_binary_loss(const Network& network) {
    const Graph& graph = network.graph;
    for (const NodeId id : reachable(graph, std::vector<NodeId>{network.loss})) {
        if (!graph.is_op(id, binary_cross_entropy_op) &&
            !graph.is_op(id, binary_cross_entropy_with_logits_op)) {
            continue;
        }
        const NodeId taken = selection_of(graph, graph[id].operands[1]).whole;
        if (std::ranges::count(network.targets, taken) > 0 && !graph.type(taken).is_index()) {
            return taken;
        }
    }
    return std::nullopt;
}

}  // namespace

std::vector<Finding> targets_out_of_range(const TrainingView& view) {
    const Network& network = view.network;
    const std::optional<NodeId> target =
        view.epoch > 0 ? std::nullopt : target_of_binary_loss(network);
    if (!target) {
        return {};
    }
    const auto outside =
        std::ranges::find_if(view.rows.targets, [](double y) { return y < 0 || y > 1; });
    if (outside == view.rows.targets.end()) {
        return {};
    }
    const std::string& name = network.graph.name(*target);
    const std::string mend =
        network.graph.type(*target).is_scalar()
            ? fmt::format("declare `target {}: class(2)` where it has two labels, or scale it",
                          name)
            : "scale it";
    return {{fmt::format("the target {} is {} in a sampled row, and the loss takes a number from 0 "
                         "to 1, as a probability is: {}",
                         name, number_text(*outside), mend),
             network.graph.origin(network.loss)}};
}

}  // namespace chainrule
