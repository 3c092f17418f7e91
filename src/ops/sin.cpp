// sin(x), of an angle in radians.
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {

const Op sin_op{
    .name = "sin",
    .summary = "the sine of an angle in radians",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return std::sin(x[0]); },
    .gradient = {[](const GradientCall& g) { return g.dy * cos(g.x[0]); }},
    .notation = CallNotation{"\\sin({0})"},
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return chainrule::sin(x[0]); },
    .onnx = OnnxOperator{"Sin"},
    .sample = {.domains = {{{-3, 3}}},
               .cases = unary_cases,
               .conventions = {{"|x| = infinity", "NaN"}}},
};

}  // namespace chainrule
