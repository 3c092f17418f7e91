// norm(x) = sqrt(sum(x^2)), the Euclidean length of a vector; of a matrix the Frobenius norm.
//
// The greatest element is taken out first, so that no square overflows.
#include <algorithm>
#include <cmath>
#include <limits>

#include "ops/shapes.h"

namespace chainrule {
namespace {

void norm_reference(const ReferenceCall& call) {
    double scale = 0;
    for (const double value : call[0].data) {
        scale = std::isnan(scale)   ? scale
                : std::isnan(value) ? value
                                    : std::max(scale, std::abs(value));
    }
    if (scale == 0 || !std::isfinite(scale)) {
        call.result.data[0] = scale;
        return;
    }
    double total = 0;
    for (const double value : call[0].data) {
        total += value / scale * (value / scale);
    }
    call.result.data[0] = scale * std::sqrt(total);
}

Expr norm_gradient(const GradientCall& g) {
    return where(equal(g.y, literal(*g.y.graph, 0)), 0, g.dy * g.x[0] / g.y);
}

Expr expanded_norm(std::span<const Expr> x, const Attributes&) {
    const Expr scale =
        call(maximum_op, {call(max_op, {call(abs_op, {x[0]})}), literal(*x[0].graph, 0)});
    const Expr ratio = x[0] / scale;
    const Expr infinite =
        equal(scale, literal(*scale.graph, std::numeric_limits<double>::infinity()));
    return where(equal(scale, literal(*scale.graph, 0)) + infinite, scale,
                 scale * sqrt(sum(ratio * ratio)));
}

}  // namespace

const Op norm_op{
    .name = "norm",
    .summary = "the Euclidean length",
    .arity = Arity{1},
    .attributes = {},
    .shape =
        [](const ShapeCall& call) {
            refuse_index(call, "norm", 0);
            return scalar_result(call);
        },
    .reference = norm_reference,
    .gradient = {norm_gradient},
    .notation = CallNotation{"\\|{0}\\|_2"},
    .lowering = expanded_norm,
    .onnx = OnnxOperator{"ReduceL2"},
    .sample = {.domains = {{{-3, -0.5}, {0.5, 3}}},
               .cases = unary_cases,
               .conventions = {{"x = 0", "gradient 0"}, {"no elements", "0"}}},
};

}  // namespace chainrule
