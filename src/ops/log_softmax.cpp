// log_softmax(x) = x - log(sum(exp(x))), over the last axis unless told.
#include <cmath>

#include "ops/shapes.h"

namespace chainrule {
namespace {

void log_softmax_reference(const ReferenceCall& call) {
    const std::vector<double>& x = call[0].data;
    const Shape& shape = call[0].shape;
    for (const auto& group : groups_along(shape, softmax_axes(call.attributes, shape.size()))) {
        std::vector<double> values;
        for (const std::size_t i : group) {
            values.push_back(x[i]);
        }
        const double top = greatest(values);
        double total = 0;
        for (const double value : values) {
            total += std::exp(value - top);
        }
        for (const std::size_t i : group) {
            call.result.data[i] = x[i] - top - std::log(total);
        }
    }
}

Expr log_softmax_gradient(const GradientCall& g) {
    const auto axes = softmax_axes(g.attributes, g.x[0].type().rank());
    return g.dy - exp(g.y) * sum_along(g.dy, axes);
}

Expr expanded_log_softmax(std::span<const Expr> x, const Attributes& attributes) {
    const auto axes = softmax_axes(attributes, x[0].type().rank());
    const auto [top, e] = shifted_exponentials(x[0], axes);
    return x[0] - top - log(sum_along(e, axes));
}

}  // namespace

const Op log_softmax_op{
    .name = "log_softmax",
    .summary = "the logarithm of softmax",
    .arity = Arity{1},
    .attributes = {{"axis", std::vector<std::int64_t>{-1}}},
    .shape = softmax_shape,
    .reference = log_softmax_reference,
    .gradient = {log_softmax_gradient},
    .notation =
        [](const NotationCall& call) {
            return write_reduction(log_softmax_op, "\\operatorname{log\\_softmax}", call);
        },
    .lowering = expanded_log_softmax,
    .onnx = OnnxOperator{"LogSoftmax"},
    .sample = {.domains = {{{-4, 4}}},
               .cases = softmax_cases,
               .conventions = {{"|x| = 10000", "no overflow, no logarithm of 0"},
                               {"all are -infinity", "NaN"}}},
};

}  // namespace chainrule
