// mean_squared_error(a, y) = mean((a - y)^2).
#include "ops/losses.h"

namespace chainrule {
namespace {

double square(double a, double y) { return (a - y) * (a - y); }

void mean_squared_error_reference(const ReferenceCall& call) {
    const std::size_t count = call[0].is_scalar() ? call[1].size() : call[0].size();
    call.result.data[0] = sum_of_losses(call, square) / static_cast<double>(count);
}

// dy * 2 * difference / n.
Expr mean_gradient(const GradientCall& g, const Expr& difference) {
    const std::int64_t n = loss_size(g);
    const Expr sum = g.dy * 2 * difference;
    return loss_gradient(g, n == 1 ? sum : sum / static_cast<double>(n));
}

Expr expanded_mean_squared_error(std::span<const Expr> x, const Attributes&) {
    const Expr difference = x[0] - x[1];
    const auto count = static_cast<double>(element_count(difference.type().shape));
    return sum(difference * difference) / count;
}

}  // namespace

const Op mean_squared_error_op{
    .name = "mean_squared_error",
    .summary = "the mean of the squared differences",
    .arity = Arity{2},
    .attributes = {},
    .shape = [](const ShapeCall& call) { return loss_shape(call, "mean_squared_error"); },
    .reference = mean_squared_error_reference,
    .gradient = {[](const GradientCall& g) { return mean_gradient(g, g.x[0] - g.x[1]); },
                 [](const GradientCall& g) { return mean_gradient(g, g.x[1] - g.x[0]); }},
    .notation = CallNotation{"\\operatorname{MSE}({0}, {1})"},
    .lowering = expanded_mean_squared_error,
    .onnx = NoOnnx{"ONNX has no such operator; it is composed of others (Sub, Mul, ReduceMean)"},
    .sample = {.domains = {{{-3, 3}}},
               .cases = loss_cases,
               .conventions = {{"no elements", "NaN, as any mean of nothing"}}},
};

}  // namespace chainrule
