#include "passes/selection.h"

#include <algorithm>

#include "ops/build.h"

namespace chainrule {

Selection selection_of(const Graph& graph, NodeId id) {
    Selection found{behind_aliases(graph, id), {}};
    while (graph[found.whole].op->is_view() || graph.is_op(found.whole, gather_op)) {
        found.steps.push_back(found.whole);
        found.whole = behind_aliases(graph, graph[found.whole].operands[0]);
    }
    return found;
}

NodeId selected(Graph& graph, const std::vector<NodeId>& steps, NodeId whole) {
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        std::vector<NodeId> operands = graph[*step].operands;
        operands[0] = whole;
        whole = graph.add(*graph[*step].op, std::move(operands), graph[*step].attributes);
    }
    return whole;
}

NodeId selected_operands(Graph& graph, NodeId id) {
    const Selection selection = selection_of(graph, id);
    const Node& whole = graph[selection.whole];
    std::vector<NodeId> operands;
    for (const NodeId operand : whole.operands) {
        const auto number = literal_value(graph, operand);
        operands.push_back(number ? literal_like(graph.expr(id), *number).id
                                  : selected(graph, selection.steps, operand));
    }
    return graph.add(*whole.op, std::move(operands), whole.attributes);
}

std::optional<std::int64_t> places_told_by(const Graph& graph, NodeId leaf) {
    std::optional<std::int64_t> fewest;
    for (std::uint32_t i = 0; i < graph.size(); ++i) {
        const Node& node = graph[NodeId{i}];
        if (!node.op->is_indexed() || selection_of(graph, node.operands[1]).whole != leaf) {
            continue;
        }
        const std::vector<Type> types{graph.type(node.operands[0]), graph.type(node.operands[1])};
        const PlacesCall call{types, node.attributes, node.type, 0};
        const auto* view = std::get_if<IndexedView>(&node.op->lowering);
        const std::int64_t places =
            view != nullptr
                ? types[0].shape[view->axis(call)]
                : node.type.shape[std::get<IndexedPlacement>(node.op->lowering).axis(call)];
        fewest = std::min(fewest.value_or(places), places);
    }
    return fewest;
}

}  // namespace chainrule
