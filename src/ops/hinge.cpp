// hinge(s, y) = sum(max(0, 1 - t * s)), the margin loss of a score s, where t = y in {-1, 1}; of a
// target in {0, 1}, a class(2) label among them, 0 counts as -1.
#include "ops/losses.h"

namespace chainrule {
namespace {

double margin_loss(double s, double y) {
    const double loss = 1 - (y == 0 ? -1 : y) * s;
    return loss <= 0 ? 0 : loss;
}

Expr side_of_class(const Expr& y) {
    return y.type().is_index() ? 2 * y - 1 : where(equal(y, literal(*y.graph, 0)), -1, y);
}

// -(dy * other) where the margin is missed.
Expr missed_margin(const GradientCall& g, const Expr& other) {
    const Expr t = side_of_class(g.x[1]);
    return loss_gradient(g, where(t * g.x[0] >= literal(*t.graph, 1), 0, -(g.dy * other)));
}

Expr expanded_hinge(std::span<const Expr> x, const Attributes&) {
    const Expr loss = 1 - side_of_class(x[1]) * x[0];
    return sum(where(loss <= literal(*loss.graph, 0), 0, loss));
}

}  // namespace

const Op hinge_op{
    .name = "hinge",
    .summary = "the margin by which a score misses its side, max(0, 1 - y * s), summed",
    .arity = Arity{2},
    .attributes = {},
    .shape = [](const ShapeCall& call) { return loss_shape(call, "hinge"); },
    .reference =
        [](const ReferenceCall& call) { call.result.data[0] = sum_of_losses(call, margin_loss); },
    .gradient = {[](const GradientCall& g) { return missed_margin(g, side_of_class(g.x[1])); },
                 [](const GradientCall& g) { return missed_margin(g, g.x[0]); }},
    .notation = CallNotation{"\\operatorname{hinge}({0}, {1})"},
    .lowering = expanded_hinge,
    .onnx = NoOnnx{"ONNX has no such operator; it is composed of others (Mul, Relu, ReduceSum)"},
    .sample = {.domains = {{{-3, -1.2}, {-0.8, 0.8}, {1.2, 3}}, {{-1, -1}, {1, 1}}},
               .cases = loss_cases,
               .conventions = {{"y * s = 1", "0, gradient 0"},
                               {"y = 0", "counts as -1, so that classes 0 and 1 are sides too"}}},
};

}  // namespace chainrule
