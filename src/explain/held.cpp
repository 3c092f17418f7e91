#include "explain/held.h"

#include <map>

#include "elaborate/derivative.h"
#include "ops/op_list.h"

namespace chainrule {

Bindings Held::at(const Graph& graph, Bindings point) const {
    if (leaves.empty()) {
        return point;
    }
    const std::vector<Tensor> values = evaluate(graph, of, point);
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        point.insert_or_assign(leaves[i], values[i]);
    }
    return point;
}

Held hold_stopped(Graph& graph, NodeId objective) {
    Held held{objective, {}, {}};
    std::map<NodeId, NodeId> replacements;
    const NodeId roots[] = {objective};
    for (const NodeId id : reachable(graph, roots)) {
        if (graph.is_op(id, stop_gradient_op)) {
            const std::string role = "held " + std::to_string(held.leaves.size() + 1);
            held.of.push_back(id);
            held.leaves.push_back(graph.add(leaf_op, {}, {role, graph.type(id)}));
            replacements.emplace(id, held.leaves.back());
        }
    }
    if (!replacements.empty()) {
        held.objective = substitute(graph, objective, replacements);
    }
    return held;
}

}  // namespace chainrule
