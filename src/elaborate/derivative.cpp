#include "elaborate/derivative.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "derive/derive.h"
#include "ops/rules.h"

namespace chainrule {
namespace {

// The nodes from which `y` depends on `x`, y itself included if it does.
std::vector<NodeId> dependents(const Graph& graph, NodeId y, NodeId x,
                               const std::function<bool(NodeId)>& held) {
    std::vector<NodeId> open{y};
    std::unordered_set<NodeId> seen{y};
    std::vector<NodeId> region;
    while (!open.empty()) {
        const NodeId id = open.back();
        open.pop_back();
        region.push_back(id);
        if (id == x || (id != y && held && held(id))) {
            continue;
        }
        for (const NodeId operand : graph[id].operands) {
            if (operand >= x && seen.insert(operand).second) {
                open.push_back(operand);
            }
        }
    }
    std::ranges::sort(region);
    std::unordered_set<NodeId> dependent{x};
    std::vector<NodeId> result;
    for (const NodeId id : region) {
        const bool end = id != y && held && held(id);
        const bool depends = !end && std::ranges::any_of(graph[id].operands, [&](NodeId operand) {
            return dependent.contains(operand);
        });
        if (id != x && depends) {
            dependent.insert(id);
            result.push_back(id);
        }
    }
    return result;
}

bool acts_elementwise(const Node& node) {
    const bool abstract = node.op == &apply_op && node.operands.size() == 1 &&
                          integer_attribute(node.attributes, 2) == 0;
    return node.op->is_elementwise() || node.op == &identity_op || abstract;
}

}  // namespace

bool depends_on(const Graph& graph, NodeId y, NodeId x, const std::function<bool(NodeId)>& held) {
    return y == x || !dependents(graph, y, x, held).empty();
}

std::optional<NodeId> derivative(Graph& graph, NodeId y, NodeId x,
                                 const std::function<bool(NodeId)>& held) {
    if (!graph.type(y).is_scalar()) {
        const auto path = dependents(graph, y, x, held);
        const bool elementwise =
            std::ranges::all_of(path, [&](NodeId node) { return acts_elementwise(graph[node]); });
        const bool alike =
            graph.type(y).shape == graph.type(x).shape && graph.type(y).row == graph.type(x).row;
        if (!alike || !elementwise) {
            return std::nullopt;
        }
    }
    const std::vector<NodeId> wrt{x};
    const Expr one = literal_like(graph.expr(y), 1);
    return pull_back(graph, y, one, wrt, held).gradients[0].id;
}

NodeId substitute(Graph& graph, NodeId root, const std::map<NodeId, NodeId>& replacements) {
    std::unordered_map<NodeId, NodeId> changed(replacements.begin(), replacements.end());
    const std::vector<NodeId> roots{root};
    for (const NodeId id : reachable(graph, roots)) {
        const Node node = graph[id];
        std::vector<NodeId> operands = node.operands;
        bool differs = false;
        for (NodeId& operand : operands) {
            if (const auto found = changed.find(operand); found != changed.end()) {
                operand = found->second;
                differs = true;
            }
        }
        if (differs && !changed.contains(id)) {
            changed.emplace(id, graph.add(*node.op, std::move(operands), node.attributes));
        }
    }
    const auto found = changed.find(root);
    return found == changed.end() ? root : found->second;
}

}  // namespace chainrule
