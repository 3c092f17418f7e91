// log1p(x) = log(1 + x), with all its digits where x is small.
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {

const Op log1p_op{
    .name = "log1p",
    .summary = "log(1 + x), exact for small x",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return std::log1p(x[0]); },
    .gradient = {[](const GradientCall& g) { return g.dy / (1 + g.x[0]); }},
    .notation = CallNotation{"\\operatorname{log1p}({0})"},
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return chainrule::log1p(x[0]); },
    .onnx = NoOnnx{"ONNX has no such operator; it is composed of others (Add, Log), which loses "
                   "the digits of a small x"},
    .sample = {.domains = {{{-0.8, 3}}},
               .cases = unary_cases,
               .conventions = {{"x = -1", "-infinity, gradient infinity"},
                               {"x < -1", "NaN, gradient 1 / (1 + x)"},
                               {"|x| = 1e-20", "the value is x, gradient 1"}}},
};

}  // namespace chainrule
