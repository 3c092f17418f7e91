// acos(x), the angle in [0, pi] whose cosine is x.
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {

const Op acos_op{
    .name = "acos",
    .summary = "the angle whose cosine is x",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return std::acos(x[0]); },
    .gradient = {[](const GradientCall& g) { return -(g.dy / sqrt(1 - power(g.x[0], 2))); }},
    .notation = CallNotation{"\\arccos({0})"},
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return chainrule::acos(x[0]); },
    .onnx = OnnxOperator{"Acos"},
    .sample = {.domains = {{{-0.9, 0.9}}},
               .cases = unary_cases,
               .conventions = {{"|x| = 1", "a gradient of -infinity"},
                               {"|x| > 1", "NaN, gradient NaN"}}},
};

}  // namespace chainrule
