#include "elaborate/fan.h"

#include <algorithm>
#include <unordered_map>

#include "ops/op_list.h"

namespace chainrule {
namespace {

// A node that is a weight seen otherwise.
struct View {
    std::size_t weight = 0;
    bool transposed = false;
};

void set_fans(Weight& weight, const Shape& shape, bool contracts_last) {
    if (shape.empty()) {
        return;
    }
    const std::int64_t last = shape.back();
    const std::int64_t before = shape.size() > 1 ? shape[shape.size() - 2] : 1;
    const bool last_in = contracts_last || shape.size() == 1;
    weight.fan_in = last_in ? last : before;
    weight.fan_out = last_in ? before : last;
}

}  // namespace

void find_fans(Network& network) {
    const Graph& graph = network.graph;
    std::unordered_map<NodeId, View> views;
    std::vector<bool> found(network.weights.size(), false);
    for (std::size_t i = 0; i < network.weights.size(); ++i) {
        views.emplace(network.weights[i].node, View{i, false});
    }
    for (std::uint32_t i = 0; i < graph.size(); ++i) {
        const Node& node = graph[{i}];
        const bool contracts = node.op == &matmul_op || node.op == &dot_op;
        const bool looks = node.op == &transpose_op || node.op == &identity_op;
        for (std::size_t operand = 0; operand < node.operands.size(); ++operand) {
            const auto view = views.find(node.operands[operand]);
            if (view == views.end()) {
                continue;
            }
            const View seen = view->second;
            if (looks) {
                views.emplace(NodeId{i},
                              View{seen.weight, seen.transposed != (node.op == &transpose_op)});
            } else if (contracts && !found[seen.weight]) {
                found[seen.weight] = true;
                Weight& weight = network.weights[seen.weight];
                // The left factor contracts its last axis, the right one the axis before.
                set_fans(weight, graph.type(weight.node).shape, (operand == 0) != seen.transposed);
            }
        }
    }
    for (std::size_t i = 0; i < network.weights.size(); ++i) {
        const Shape& shape = graph.type(network.weights[i].node).shape;
        if (!found[i] && shape.size() > 1) {
            set_fans(network.weights[i], shape, true);
        }
    }
}

}  // namespace chainrule
