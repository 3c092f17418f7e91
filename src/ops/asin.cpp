// asin(x), the angle in [-pi/2, pi/2] whose sine is x.
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {

const Op asin_op{
    .name = "asin",
    .summary = "the angle whose sine is x",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return std::asin(x[0]); },
    .gradient = {[](const GradientCall& g) { return g.dy / sqrt(1 - power(g.x[0], 2)); }},
    .notation = CallNotation{"\\arcsin({0})"},
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return chainrule::asin(x[0]); },
    .onnx = OnnxOperator{"Asin"},
    .sample = {.domains = {{{-0.9, 0.9}}},
               .cases = unary_cases,
               .conventions = {{"|x| = 1", "an infinite gradient"},
                               {"|x| > 1", "NaN, gradient NaN"}}},
};

}  // namespace chainrule
