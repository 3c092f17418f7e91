// squared_error(a, y) = 1/2 * sum((a - y)^2), the quadratic loss.
#include "ops/losses.h"

namespace chainrule {
namespace {

double half_square(double a, double y) { return (a - y) * (a - y) / 2; }

}  // namespace

const Op squared_error_op{
    .name = "squared_error",
    .summary = "half the sum of the squared differences, 1/2 * sum((a - y)^2)",
    .arity = Arity{2},
    .attributes = {},
    .shape = [](const ShapeCall& call) { return loss_shape(call, "squared_error"); },
    .reference =
        [](const ReferenceCall& call) { call.result.data[0] = sum_of_losses(call, half_square); },
    .gradient = {[](const GradientCall& g) { return loss_gradient(g, g.dy * (g.x[0] - g.x[1])); },
                 [](const GradientCall& g) { return loss_gradient(g, g.dy * (g.x[1] - g.x[0])); }},
    .notation = CallNotation{"\\operatorname{SE}({0}, {1})"},
    .lowering =
        [](std::span<const Expr> x, const Attributes&) {
            const Expr difference = x[0] - x[1];
            return sum(difference * difference / 2);
        },
    .onnx = NoOnnx{"ONNX has no such operator; it is composed of others (Sub, Mul, ReduceSum)"},
    .sample = {.domains = {{{-3, 3}}}, .cases = loss_cases, .conventions = {{"no elements", "0"}}},
};

}  // namespace chainrule
