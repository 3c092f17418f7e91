// binary_cross_entropy_with_logits(z, y): binary_cross_entropy(sigmoid(z), y), without the overflow
// and the rounding that the sigmoid brings:
//     sum(y * softplus(-z) + (1 - y) * softplus(z)).
#include <cmath>

#include "ops/losses.h"

namespace chainrule {
namespace {

double softplus(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }

// A term with the weight 0 is 0, though its logit be infinite.
double loss_of_logit(double z, double y) {
    return (y == 0 ? 0 : y * softplus(-z)) + (y == 1 ? 0 : (1 - y) * softplus(z));
}

Expr expanded_loss(std::span<const Expr> x, const Attributes&) {
    const Expr z = x[0];
    const Expr y = number_of(x[1]);
    const Expr of_one = where(equal(y, literal(*y.graph, 0)), 0, y * call(softplus_op, {-z}));
    const Expr of_zero = where(equal(y, literal(*y.graph, 1)), 0, (1 - y) * call(softplus_op, {z}));
    return sum(of_one + of_zero);
}

}  // namespace

const Op binary_cross_entropy_with_logits_op{
    .name = "binary_cross_entropy_with_logits",
    .summary = "the binary cross-entropy of the probability sigmoid(z), summed over the elements",
    .arity = Arity{2},
    .attributes = {},
    .shape =
        [](const ShapeCall& call) { return loss_shape(call, "binary_cross_entropy_with_logits"); },
    .reference =
        [](const ReferenceCall& call) { call.result.data[0] = sum_of_losses(call, loss_of_logit); },
    .gradient = {[](const GradientCall& g) {
                     return loss_gradient(g, g.dy * (sigmoid(g.x[0]) - g.x[1]));
                 },
                 [](const GradientCall& g) { return loss_gradient(g, -(g.dy * g.x[0])); }},
    .notation = CallNotation{"\\operatorname{BCE}_{\\text{logits}}({0}, {1})"},
    .lowering = expanded_loss,
    .onnx =
        NoOnnx{"ONNX has no such operator; it is composed of others (Softplus, Mul, ReduceSum)"},
    .sample = {.domains = {{{-4, 4}}, {{0, 1}}},
               .cases = loss_cases,
               .conventions = {{"z = 1000, y = 0; z = -1000, y = 1", "1000, gradient 1; -1"},
                               {"z = -infinity, y = 0; z = infinity, y = 1", "0, gradient 0"}}},
};

}  // namespace chainrule
