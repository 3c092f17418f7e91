#include "passes/forget_names.h"

#include "ops/op_list.h"

namespace chainrule {

Graph forget_names(const Graph& graph) {
    Graph to;
    std::vector<NodeId> moved(graph.size());
    for (const NodeId id : reachable(graph, graph.outputs)) {
        const Node& node = graph[id];
        std::vector<NodeId> operands;
        for (const NodeId operand : node.operands) {
            operands.push_back(moved[operand.index]);
        }
        NodeId& now = moved[id.index];
        if (graph.is_op(id, leaf_op)) {
            now =
                to.add_named(graph.name(id), *node.op, operands, node.attributes, graph.origin(id));
            continue;
        }
        now = graph.is_op(id, identity_op) ? operands[0]
                                           : to.add(*node.op, operands, node.attributes);
        if (const Span origin = graph.origin(id)) {
            to.set_origin(now, origin);
        }
    }
    for (const NodeId output : graph.outputs) {
        to.outputs.push_back(moved[output.index]);
    }
    return to;
}

}  // namespace chainrule
