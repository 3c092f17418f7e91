// tan(x), of an angle in radians.
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {

const Op tan_op{
    .name = "tan",
    .summary = "the tangent of an angle in radians",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return std::tan(x[0]); },
    .gradient = {[](const GradientCall& g) { return g.dy * (1 + power(g.y, 2)); }},
    .notation = CallNotation{"\\tan({0})"},
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return chainrule::tan(x[0]); },
    .onnx = OnnxOperator{"Tan"},
    .sample = {.domains = {{{-1.2, 1.2}, {1.9, 4.3}}},
               .cases = unary_cases,
               .conventions = {{"|x| = infinity", "NaN"}}},
};

}  // namespace chainrule
