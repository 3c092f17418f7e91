// softplus(x) = log(1 + e^x), a smooth relu.
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {
namespace {

// log(1 + e^x) = x + log(1 + e^-x): the exponential of a negative number only.
double softplus_reference(std::span<const double> x, const Attributes&) {
    return x[0] > 0 ? x[0] + std::log1p(std::exp(-x[0])) : std::log1p(std::exp(x[0]));
}

}  // namespace

const Op softplus_op{
    .name = "softplus",
    .summary = "log(1 + e^x), a smooth relu",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = softplus_reference,
    .gradient = {[](const GradientCall& g) { return g.dy * sigmoid(g.x[0]); }},
    .notation = CallNotation{"\\operatorname{softplus}({0})"},
    .lowering = [](std::span<const Scalar> x,
                   const Attributes&) { return chainrule::softplus(x[0]); },
    .onnx = OnnxOperator{"Softplus"},
    .sample = {.domains = {{{-4, 4}}},
               .cases = unary_cases,
               .conventions = {{"x = 1000, -1000", "1000, 0, gradient 1, 0: no overflow"},
                               {"x = 21", "21 + 7.6e-10: no threshold"}}},
};

}  // namespace chainrule
