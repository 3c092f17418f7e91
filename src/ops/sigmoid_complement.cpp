// sigmoid_complement(x) = 1 - sigmoid(x) = 1 / (1 + e^x): what the subtraction loses where the
// sigmoid is almost 1. Compiled gradients of sigmoid are made of it.
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {
namespace {

double sigmoid_complement_reference(std::span<const double> x, const Attributes&) {
    const double e = std::exp(-std::abs(x[0]));
    return x[0] > 0 ? e / (1 + e) : 1 / (1 + e);
}

}  // namespace

const Op sigmoid_complement_op{
    .name = "sigmoid_complement",
    .summary = "1 - sigmoid(x), with all digits where that is small",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = sigmoid_complement_reference,
    .gradient = {[](const GradientCall& g) { return -g.dy * g.y * sigmoid(g.x[0]); }},
    .notation = CallNotation{"\\sigma(-({0}))"},
    .lowering = [](std::span<const Scalar> x,
                   const Attributes&) { return chainrule::sigmoid_complement(x[0]); },
    .onnx = NoOnnx{"ONNX has no such operator; it is composed of others (Neg, Sigmoid)"},
    .sample = {.domains = {{{-4, 4}}},
               .cases = unary_cases,
               .conventions = {{"|x| = 1000", "0 or 1, gradient 0: no overflow"}}},
};

}  // namespace chainrule
