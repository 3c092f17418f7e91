#include "passes/recognise_contractions.h"

#include "ops/build.h"
#include "passes/rebuild.h"

namespace chainrule {
namespace {

// A view that shows each element of its operand once: a sum over the batch may be taken before it.
bool is_rearrangement(const Graph& graph, const Node& node) {
    return node.op->is_view() &&
           element_count(node.type.shape) == element_count(graph.type(node.operands[0]).shape);
}

// The op that is the sum of `op` over the batch, if there is one.
const Op* summing(const Op* op) {
    return op == &matmul_op        ? &batch_matmul_op
           : op == &scatter_add_op ? &batch_scatter_add_op
                                   : nullptr;
}

// Whether an op that has a sum of its own stands below sums and rearrangements.
bool holds_contraction(const Graph& graph, NodeId id) {
    const Node& node = graph[id];
    if (summing(node.op) != nullptr) {
        return node.type.per_example;
    }
    if (node.op == &add_op) {
        return holds_contraction(graph, node.operands[0]) ||
               holds_contraction(graph, node.operands[1]);
    }
    return is_rearrangement(graph, node) && holds_contraction(graph, node.operands[0]);
}

Expr summed(Expr value) {
    Graph& graph = *value.graph;
    const Node node = graph[value.id];
    if (!holds_contraction(graph, value.id)) {
        // Beside what is per example there may stand what all share.
        return call(batch_sum_op,
                    {value.type().per_example ? value : call(per_example_op, {value})});
    }
    if (const Op* sum = summing(node.op)) {
        return graph.expr(graph.add(*sum, node.operands, node.attributes));
    }
    if (node.op == &add_op) {
        return summed(graph.expr(node.operands[0])) + summed(graph.expr(node.operands[1]));
    }
    const Expr inside = summed(graph.expr(node.operands[0]));
    return graph.expr(graph.add(*node.op, {inside.id}, node.attributes));
}

// A scalar beside a tensor only scales it.
Expr scaled(Expr a, Expr b) { return call(batch_sum_op, {call(per_example_op, {a * b})}); }

Expr recognised(const RebuildStep& step) {
    const Op* op = step.node().op;
    const bool scales = op == &batch_matmul_op && (step.operands[0].type().is_scalar() ||
                                                   step.operands[1].type().is_scalar());
    return op == &batch_sum_op ? summed(step.operands[0])
           : scales            ? scaled(step.operands[0], step.operands[1])
                               : step.copy();
}

}  // namespace

Graph recognise_contractions(const Graph& graph) {
    return without_unused(rebuild(graph, recognised));
}

}  // namespace chainrule
