// binary_cross_entropy(p, y) = -sum(y * log(p) + (1 - y) * log(1 - p)), of a probability p.
//
// Where p comes out of a sigmoid, binary_cross_entropy_with_logits of what goes into it is the
// stable form, which training takes by itself (passes/stable_rules.h): here a p that has rounded to
// 0 or 1 gives infinity or, against its own y, the gradient 0 / 0.
#include "ops/losses.h"

namespace chainrule {
namespace {

// A term with the weight 0 is 0, though its logarithm be infinite.
double loss_of_probability(double p, double y) { return -(x_log_y(y, p) + x_log_y(1 - y, 1 - p)); }

Expr probability_gradient(const GradientCall& g) {
    const Expr p = g.x[0];
    return loss_gradient(g, g.dy * (p - g.x[1]) / (p * (1 - p)));
}

Expr target_gradient(const GradientCall& g) {
    const Expr p = g.x[0];
    return loss_gradient(g, g.dy * (log(1 - p) - log(p)));
}

Expr x_log_y(Expr x, Expr y) { return where(equal(x, literal(*x.graph, 0)), 0, x * log(y)); }

Expr expanded_binary_cross_entropy(std::span<const Expr> x, const Attributes&) {
    const Expr y = number_of(x[1]);
    return -sum(x_log_y(y, x[0]) + x_log_y(1 - y, 1 - x[0]));
}

}  // namespace

const Op binary_cross_entropy_op{
    .name = "binary_cross_entropy",
    .summary = "-(y * log(p) + (1 - y) * log(1 - p)) of a probability p, summed over the elements",
    .arity = Arity{2},
    .attributes = {},
    .shape = [](const ShapeCall& call) { return loss_shape(call, "binary_cross_entropy"); },
    .reference =
        [](const ReferenceCall& call) {
            call.result.data[0] = sum_of_losses(call, loss_of_probability);
        },
    .gradient = {probability_gradient, target_gradient},
    .notation = CallNotation{"\\operatorname{BCE}({0}, {1})"},
    .lowering = expanded_binary_cross_entropy,
    .onnx = NoOnnx{"ONNX has no such operator; it is composed of others (Log, Mul, ReduceSum)"},
    .sample = {.domains = {{{0.05, 0.95}}, {{0, 1}}},
               .cases = loss_cases,
               .conventions = {{"p = y = 0, p = y = 1", "0, gradient NaN (0 / 0)"},
                               {"p = 0, y = 1; p = 1, y = 0",
                                "infinity, gradient infinity with the sign of p - y"}}},
};

}  // namespace chainrule
