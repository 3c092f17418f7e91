#include "passes/reuse_relu.h"

#include <unordered_map>

#include "ops/build.h"
#include "passes/rebuild.h"

namespace chainrule {

Graph reuse_relu(const Graph& graph) {
    std::unordered_map<NodeId, Expr> relu_of;  // by operand, in the new graph
    const auto made = [&](const RebuildStep& step) {
        if (step.node().op == &less_equal_op && literal_value(step.to, step.operands[1].id) == 0) {
            const auto found = relu_of.find(step.operands[0].id);
            if (found != relu_of.end()) {
                return call(less_equal_op, {found->second, step.operands[1]});
            }
        }
        const Expr copy = step.copy();
        if (step.node().op == &relu_op) {
            relu_of.emplace(step.operands[0].id, copy);
        }
        return copy;
    };
    return without_unused(rebuild(graph, made));
}

}  // namespace chainrule
