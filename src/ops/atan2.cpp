// atan2(y, x), the angle in [-pi, pi] of the point (x, y).
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {

const Op atan2_op{
    .name = "atan2",
    .summary = "the angle of the point (x, y), for atan2(y, x)",
    .arity = Arity{2},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x,
                    const Attributes&) { return std::atan2(x[0], x[1]); },
    .gradient = {[](const GradientCall& g) {
                     return g.dy * g.x[1] / (power(g.x[0], 2) + power(g.x[1], 2));
                 },
                 [](const GradientCall& g) {
                     return -(g.dy * g.x[0] / (power(g.x[0], 2) + power(g.x[1], 2)));
                 }},
    .notation = CallNotation{"\\operatorname{atan2}({0}, {1})"},
    .lowering = [](std::span<const Scalar> x,
                   const Attributes&) { return chainrule::atan2(x[0], x[1]); },
    .onnx = NoOnnx{"ONNX has no such operator; it is composed of others (Div, Atan, Where)"},
    .sample = {.domains = {{{-3, -0.3}, {0.3, 3}}},
               .cases = binary_cases,
               .conventions = {{"x = y = 0", "0, gradient NaN: the angle has no limit there"}}},
};

}  // namespace chainrule
