// sigmoid(x) = 1 / (1 + e^-x), the logistic function.
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {
namespace {

// The exponential of a negative number only: no overflow, and the left tail
// keeps its digits.
double sigmoid_reference(std::span<const double> x, const Attributes&) {
    const double e = std::exp(-std::abs(x[0]));
    return x[0] < 0 ? e / (1 + e) : 1 / (1 + e);
}

}  // namespace

const Op sigmoid_op{
    .name = "sigmoid",
    .summary = "the logistic function, 1 / (1 + e^-x)",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = sigmoid_reference,
    .gradient = {[](const GradientCall& g) { return g.dy * g.y * (1 - g.y); }},
    .notation = CallNotation{"\\sigma({0})"},
    .lowering = [](std::span<const Scalar> x,
                   const Attributes&) { return chainrule::sigmoid(x[0]); },
    .onnx = OnnxOperator{"Sigmoid"},
    .sample = {.domains = {{{-4, 4}}},
               .cases = unary_cases,
               .conventions = {{"|x| = 1000", "1 or 0, gradient 0: no overflow"}}},
};

}  // namespace chainrule
