// selu(x) = scale * elu(x, alpha), with the two constants that keep mean 0 and variance 1 through a
// layer (Klambauer and others 2017, "Self-Normalizing Neural Networks").
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {
namespace {

constexpr double scale = 1.0507009873554804934193349852946;
constexpr double alpha = 1.6732632423543772848170429916717;

double selu_reference(std::span<const double> x, const Attributes&) {
    return scale * (x[0] <= 0 ? alpha * std::expm1(x[0]) : x[0]);
}

}  // namespace

const Op selu_op{
    .name = "selu",
    .summary = "the self-normalising exponential linear unit",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = selu_reference,
    .gradient = {[](const GradientCall& g) {
        return where(g.x[0] <= literal(*g.dy.graph, 0), g.dy * (scale * alpha) * exp(g.x[0]),
                     g.dy * scale);
    }},
    .notation = CallNotation{"\\operatorname{selu}({0})"},
    .lowering =
        [](std::span<const Scalar> x, const Attributes&) {
            return select(x[0] <= 0, scaled_expm1(scale * alpha, x[0]), scale * x[0]);
        },
    .onnx = OnnxOperator{"Selu"},
    .sample = {.domains = {{{-3, -0.1}, {0.1, 3}}},
               .cases = unary_cases,
               .conventions = {{"x = 0", "0, gradient 1.7581 (the left one)"}}},
};

}  // namespace chainrule
