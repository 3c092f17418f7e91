// rsqrt(x) = 1 / sqrt(x).
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {

const Op rsqrt_op{
    .name = "rsqrt",
    .summary = "the reciprocal of the square root",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return 1 / std::sqrt(x[0]); },
    .gradient = {[](const GradientCall& g) { return -(g.dy * power(g.y, 3) / 2); }},
    .notation = CallNotation{"\\operatorname{rsqrt}({0})"},
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return chainrule::rsqrt(x[0]); },
    .onnx = NoOnnx{"ONNX has no such operator; it is composed of others (Sqrt, Reciprocal)"},
    .sample = {.domains = {{{0.2, 4}}},
               .cases = unary_cases,
               .conventions = {{"x = 0", "infinity, gradient -infinity"},
                               {"x < 0", "NaN, gradient NaN"}}},
};

}  // namespace chainrule
