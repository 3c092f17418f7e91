// logsigmoid(x) = log(sigmoid(x)) = -softplus(-x).
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {
namespace {

// The exponential of a negative number only: no overflow.
double logsigmoid_reference(std::span<const double> x, const Attributes&) {
    const double tail = std::log1p(std::exp(-std::abs(x[0])));
    return x[0] < 0 ? x[0] - tail : -tail;
}

}  // namespace

const Op logsigmoid_op{
    .name = "logsigmoid",
    .summary = "the logarithm of the logistic function",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = logsigmoid_reference,
    .gradient = {[](const GradientCall& g) { return g.dy * sigmoid(-g.x[0]); }},
    .notation = CallNotation{"\\operatorname{logsigmoid}({0})"},
    .lowering = [](std::span<const Scalar> x,
                   const Attributes&) { return -chainrule::softplus(-x[0]); },
    .onnx = NoOnnx{"ONNX has no such operator; it is composed of others (Neg, Softplus)"},
    .sample = {.domains = {{{-4, 4}}},
               .cases = unary_cases,
               .conventions = {{"x = -1000, 1000", "-1000, 0, gradient 1, 0"}}},
};

}  // namespace chainrule
