// expm1(x) = e^x - 1, with all its digits where x is small.
//
// The gradient is e^x itself: y + 1 would lose the digits of its left tail.
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {

const Op expm1_op{
    .name = "expm1",
    .summary = "e^x - 1, exact for small x",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return std::expm1(x[0]); },
    .gradient = {[](const GradientCall& g) { return g.dy * exp(g.x[0]); }},
    .notation = CallNotation{"\\operatorname{expm1}({0})"},
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return chainrule::expm1(x[0]); },
    .onnx = NoOnnx{"ONNX has no such operator; it is composed of others (Exp, Sub), which loses "
                   "the digits of a small x"},
    .sample = {.domains = {{{-2, 2}}},
               .cases = unary_cases,
               .conventions = {{"|x| = 1e-20", "the value is x, gradient 1"}}},
};

}  // namespace chainrule
