// abs(x) = |x|.
#include <cmath>

#include "ops/rules.h"

namespace chainrule {

const Op abs_op{
    .name = "abs",
    .summary = "the absolute value",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return std::abs(x[0]); },
    .gradient = {[](const GradientCall& g) { return g.dy * sign(g.x[0]); }},
    .notation = CallNotation{"\\lvert {0} \\rvert"},
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return abs(x[0]); },
    .onnx = OnnxOperator{"Abs"},
    .sample = {.domains = {{{-3, -0.1}, {0.1, 3}}},
               .cases = unary_cases,
               .conventions = {{"x = 0", "0, gradient 0"}}},
};

}  // namespace chainrule
