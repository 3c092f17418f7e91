// sech_squared(x) = 1 - tanh(x)^2 = 4 e / (1 + e)^2, e = e^(-2 |x|): what the subtraction loses
// where tanh(x) is almost 1. Compiled gradients of tanh are made of it; it shares the exponential
// and the division with the tanh of the same x.
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {
namespace {

double sech_squared_reference(std::span<const double> x, const Attributes&) {
    const double e = std::exp(-2 * std::abs(x[0]));
    return 4 * e / ((1 + e) * (1 + e));
}

}  // namespace

const Op sech_squared_op{
    .name = "sech_squared",
    .summary = "1 - tanh(x)^2, with all digits where that is small",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = sech_squared_reference,
    .gradient = {[](const GradientCall& g) { return -(g.dy * 2 * tanh(g.x[0]) * g.y); }},
    .notation = CallNotation{"\\operatorname{sech}^2({0})"},
    .lowering = [](std::span<const Scalar> x,
                   const Attributes&) { return chainrule::sech_squared(x[0]); },
    .onnx = NoOnnx{"ONNX has no such operator; it is composed of others (Cosh, Mul, Reciprocal)"},
    .sample = {.domains = {{{-3, 3}}},
               .cases = unary_cases,
               .conventions = {{"|x| = 1000", "0, gradient 0: no overflow"}}},
};

}  // namespace chainrule
