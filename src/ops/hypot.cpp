// hypot(x, y) = sqrt(x^2 + y^2), without overflow on the way.
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {

const Op hypot_op{
    .name = "hypot",
    .summary = "the length of the vector (x, y)",
    .arity = Arity{2},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x,
                    const Attributes&) { return std::hypot(x[0], x[1]); },
    .gradient = {[](const GradientCall& g) {
                     return where(equal(g.y, literal(*g.y.graph, 0)), 0, g.dy * g.x[0] / g.y);
                 },
                 [](const GradientCall& g) {
                     return where(equal(g.y, literal(*g.y.graph, 0)), 0, g.dy * g.x[1] / g.y);
                 }},
    .notation = CallNotation{"\\operatorname{hypot}({0}, {1})"},
    .lowering = [](std::span<const Scalar> x,
                   const Attributes&) { return chainrule::hypot(x[0], x[1]); },
    .onnx = NoOnnx{"ONNX has no such operator; it is composed of others (Mul, Add, Sqrt)"},
    .sample = {.domains = {{{-3, -0.3}, {0.3, 3}}},
               .cases = binary_cases,
               .conventions = {{"x = y = 0", "0, gradient 0"}}},
};

}  // namespace chainrule
