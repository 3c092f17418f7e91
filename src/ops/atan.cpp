// atan(x), the angle in [-pi/2, pi/2] whose tangent is x.
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {

const Op atan_op{
    .name = "atan",
    .summary = "the angle whose tangent is x",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return std::atan(x[0]); },
    .gradient = {[](const GradientCall& g) { return g.dy / (1 + power(g.x[0], 2)); }},
    .notation = CallNotation{"\\arctan({0})"},
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return chainrule::atan(x[0]); },
    .onnx = OnnxOperator{"Atan"},
    .sample = {.domains = {{{-3, 3}}},
               .cases = unary_cases,
               .conventions = {{"|x| = infinity", "pi / 2 with the sign of x, gradient 0"}}},
};

}  // namespace chainrule
