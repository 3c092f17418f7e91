#include "passes/fold_constants.h"

#include <algorithm>

#include "eval/evaluate.h"
#include "ops/build.h"
#include "passes/rebuild.h"

namespace chainrule {
namespace {

bool is_fixed(const RebuildStep& step) {
    const Node& node = step.node();
    const bool computes = !node.op->is_view() && !node.op->is_of_batches() &&
                          !node.type.per_example && !node.type.is_index() && step.id.valid() &&
                          &constant_op != node.op && &leaf_op != node.op;
    return computes && std::ranges::all_of(step.operands, [&](Expr operand) {
               NodeId id = operand.id;
               while (step.to[id].op->is_view()) {
                   id = step.to[id].operands[0];
               }
               return step.to.is_op(id, constant_op);
           });
}

Expr folded(const RebuildStep& step) {
    const Expr copy = step.copy();
    if (!is_fixed(step)) {
        return copy;
    }
    const std::vector<NodeId> roots{copy.id};
    return fitted(literal(step.to, evaluate(step.to, roots, {})[0]), step.node().type);
}

}  // namespace

Graph fold_constants(const Graph& graph) { return without_unused(rebuild(graph, folded)); }

}  // namespace chainrule
