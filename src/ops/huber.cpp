// huber(a, y) = the sum of r^2 / 2 where |r| <= delta, elsewhere of delta * (|r| - delta / 2), with
// r = a - y (Huber 1964, "Robust Estimation of a Location Parameter").
#include <cmath>

#include "ops/losses.h"

namespace chainrule {
namespace {

Type huber_shape(const ShapeCall& call) {
    const double delta = real_attribute(call.attributes, 0);
    if (!(delta > 0)) {
        throw ShapeError("huber needs a delta above 0, not " + format_number(delta));
    }
    return loss_shape(call, "huber");
}

void huber_reference(const ReferenceCall& call) {
    const double delta = real_attribute(call.attributes, 0);
    const std::size_t count = call[0].is_scalar() ? call[1].size() : call[0].size();
    for (std::size_t i = 0; i < count; ++i) {
        const double r = std::abs(call[0].data[call[0].is_scalar() ? 0 : i] -
                                  call[1].data[call[1].is_scalar() ? 0 : i]);
        call.result.data[0] += r <= delta ? r * r / 2 : delta * (r - delta / 2);
    }
}

Expr clipped(const GradientCall& g, const Expr& difference) {
    const double delta = real_attribute(g.attributes, 0);
    return loss_gradient(g, g.dy * clip(difference, -delta, delta));
}

std::vector<SampleCase> huber_cases() {
    std::vector<SampleCase> cases = loss_cases();
    cases.push_back({{f64({4}), f64({4})}, {0.9}});
    return cases;
}

Expr expanded_huber(std::span<const Expr> x, const Attributes& attributes) {
    const double delta = real_attribute(attributes, 0);
    const Expr r = call(abs_op, {x[0] - x[1]});
    return sum(where(r <= literal(*r.graph, delta), r * r / 2, delta * (r - delta / 2)));
}

}  // namespace

const Op huber_op{
    .name = "huber",
    .summary = "half the square of small differences, delta times the size of large ones, summed",
    .arity = Arity{2},
    .attributes = {{"delta", 1.0}},
    .shape = huber_shape,
    .reference = huber_reference,
    .gradient = {[](const GradientCall& g) { return clipped(g, g.x[0] - g.x[1]); },
                 [](const GradientCall& g) { return clipped(g, g.x[1] - g.x[0]); }},
    .notation = CallNotation{"\\operatorname{Huber}_{{delta}}({0}, {1})"},
    .lowering = expanded_huber,
    .onnx =
        NoOnnx{"ONNX has no such operator; it is composed of others (Sub, Abs, Where, ReduceSum)"},
    .sample = {.domains = {{{-0.2, 0.2}, {3, 4}}, {{-0.5, 0.5}}},
               .cases = huber_cases,
               .conventions = {{"|a - y| = delta",
                                "delta^2 / 2, gradient delta with the sign of "
                                "a - y: both sides agree"}}},
};

}  // namespace chainrule
