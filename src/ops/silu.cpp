// silu(x) = x * sigmoid(x), also called swish (Elfwing, Uchibe and Doya 2018; Ramachandran, Zoph
// and Le 2017).
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {
namespace {

// The exponential of a negative number only; -infinity is the limit, not -infinity * 0.
double silu_reference(std::span<const double> x, const Attributes&) {
    const double e = std::exp(-std::abs(x[0]));
    if (x[0] < 0) {
        return e == 0 ? -0.0 : x[0] * e / (1 + e);
    }
    return x[0] / (1 + e);
}

// sigmoid(x) + x * sigmoid(x) * (1 - sigmoid(x)).
Expr silu_gradient(const GradientCall& g) {
    const Expr s = sigmoid(g.x[0]);
    return g.dy * (s + g.y * (1 - s));
}

}  // namespace

const Op silu_op{
    .name = "silu",
    .summary = "x * sigmoid(x), also called swish",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = silu_reference,
    .gradient = {silu_gradient},
    .notation = CallNotation{"\\operatorname{silu}({0})"},
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return chainrule::silu(x[0]); },
    .onnx = NoOnnx{"ONNX has no such operator; it is composed of others (Sigmoid, Mul)"},
    .sample = {.domains = {{{-4, 4}}},
               .cases = unary_cases,
               .conventions = {{"x = -infinity", "-0, gradient 0"},
                               {"|x| = 1000", "1000 or -0, gradient 1 or 0"}}},
};

}  // namespace chainrule
