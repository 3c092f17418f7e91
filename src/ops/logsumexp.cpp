// logsumexp(x) = log(sum(exp(x))): a smooth maximum, whose gradient is softmax.
//
// The greatest element is taken out first, so that nothing overflows.
#include <cmath>
#include <limits>

#include "ops/shapes.h"

namespace chainrule {
namespace {

void logsumexp_of(std::span<const double> group, double& result) {
    const double top = greatest(group);
    if (std::isinf(top)) {
        result = top;
        return;
    }
    double total = 0;
    for (const double value : group) {
        total += std::exp(value - top);
    }
    result = top + std::log(total);
}

// exp(x - y) would lose digits in y: at (1000, 1000) it is 1/2 only to 14 of them.
Expr logsumexp_gradient(const GradientCall& g) {
    const auto rank = static_cast<std::int64_t>(g.x[0].type().rank());
    auto axes = normal_axes(list_attribute(g.attributes, 0), g.x[0].type().rank());
    if (rank == 0 || axes == std::vector<std::int64_t>{rank - 1}) {
        axes = {-1};
    }
    const std::int64_t masked = 1;
    return keep_reduced_axes(g, g.dy) * call(softmax_op, {g.x[0]}, {axes, masked});
}

Expr expanded_logsumexp(std::span<const Expr> x, const Attributes& attributes) {
    const auto axes = normal_axes(list_attribute(attributes, 0), x[0].type().rank());
    const Expr top = call(max_op, {x[0]}, attributes);
    const Expr total = call(sum_op, {shifted_exponentials(x[0], axes).values}, attributes);
    const Expr infinity = literal(*top.graph, std::numeric_limits<double>::infinity());
    return where(equal(call(abs_op, {top}), infinity), top, top + log(total));
}

}  // namespace

const Op logsumexp_op{
    .name = "logsumexp",
    .summary = "the logarithm of the sum of the exponentials",
    .arity = Arity{1},
    .attributes = reduction_attributes(),
    .shape = reduction_shape,
    .reference = [](const ReferenceCall& call) { for_each_group(call, logsumexp_of); },
    .gradient = {logsumexp_gradient},
    .notation =
        [](const NotationCall& call) {
            return write_reduction(logsumexp_op, "\\operatorname{logsumexp}", call);
        },
    .lowering = expanded_logsumexp,
    .onnx = OnnxOperator{"ReduceLogSumExp"},
    .sample = {.domains = {{{-4, 4}}},
               .cases = reduction_cases,
               .conventions = {{"|x| = 1000",
                                "no overflow: 1000 + log(2) of two, gradient 1/2 each"},
                               {"all are -infinity", "-infinity, gradient 0"},
                               {"no elements", "-infinity"}}},
};

}  // namespace chainrule
