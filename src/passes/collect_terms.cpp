#include "passes/collect_terms.h"

#include <vector>

#include "passes/combine_fractions.h"
#include "passes/distribute.h"
#include "passes/rebuild.h"
#include "passes/terms.h"

namespace chainrule {
namespace {

// Which nodes are only ever part of a larger product, or of a larger sum: the larger one is put in
// order as a whole.
struct Parts {
    std::vector<bool> of_product;
    std::vector<bool> of_sum;

    explicit Parts(const Graph& graph)
        : of_product(graph.size(), true), of_sum(graph.size(), true) {
        for (const NodeId output : graph.outputs) {
            of_product[output.index] = of_sum[output.index] = false;
        }
        for (const NodeId id : reachable(graph, graph.outputs)) {
            for (const NodeId operand : graph[id].operands) {
                of_product[operand.index] = of_product[operand.index] && is_product(graph, id);
                of_sum[operand.index] = of_sum[operand.index] && is_sum(graph, id);
            }
        }
    }
};

}  // namespace

Graph collect_terms(const Graph& graph) {
    const Parts parts(graph);
    return without_unused(rebuild(graph, [&](const RebuildStep& step) {
        const Expr copy = step.copy();
        if (is_product(graph, step.id) && !parts.of_product[step.id.index]) {
            const Sum sum = distribute(step.to, product_of(step.to, copy.id));
            return fitted(build(step.to, sum), copy.type());
        }
        if (is_sum(graph, step.id) && !parts.of_sum[step.id.index]) {
            const Sum sum = combine_fractions(step.to, sum_of(step.to, copy.id));
            return fitted(build(step.to, sum), copy.type());
        }
        return copy;
    }));
}

}  // namespace chainrule
