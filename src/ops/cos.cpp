// cos(x), of an angle in radians.
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {

const Op cos_op{
    .name = "cos",
    .summary = "the cosine of an angle in radians",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return std::cos(x[0]); },
    .gradient = {[](const GradientCall& g) { return -(g.dy * sin(g.x[0])); }},
    .notation = CallNotation{"\\cos({0})"},
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return chainrule::cos(x[0]); },
    .onnx = OnnxOperator{"Cos"},
    .sample = {.domains = {{{-3, 3}}},
               .cases = unary_cases,
               .conventions = {{"|x| = infinity", "NaN"}}},
};

}  // namespace chainrule
