#include "passes/selection.h"

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

}  // namespace chainrule
