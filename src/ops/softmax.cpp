// softmax(x) = exp(x) / sum(exp(x)), over the last axis unless told.
//
// The greatest element is taken out first, so that nothing overflows. With `masked` a group that is
// all -infinity, of which a mask has left nothing, gives 0 and not 0 / 0.
#include <cmath>
#include <limits>

#include "ops/shapes.h"

namespace chainrule {
namespace {

void softmax_reference(const ReferenceCall& call) {
    const std::vector<double>& x = call[0].data;
    std::vector<double>& y = call.result.data;
    const bool masked = integer_attribute(call.attributes, 1) != 0;
    const Shape& shape = call[0].shape;
    for (const auto& group : groups_along(shape, softmax_axes(call.attributes, shape.size()))) {
        std::vector<double> values;
        for (const std::size_t i : group) {
            values.push_back(x[i]);
        }
        const double top = greatest(values);
        if (masked && top == -std::numeric_limits<double>::infinity()) {
            continue;
        }
        double total = 0;
        for (const std::size_t i : group) {
            y[i] = std::exp(x[i] - top);
            total += y[i];
        }
        for (const std::size_t i : group) {
            y[i] /= total;
        }
    }
}

Expr softmax_gradient(const GradientCall& g) {
    const auto axes = softmax_axes(g.attributes, g.x[0].type().rank());
    return g.y * (g.dy - sum_along(g.dy * g.y, axes));
}

Expr expanded_softmax(std::span<const Expr> x, const Attributes& attributes) {
    const auto axes = softmax_axes(attributes, x[0].type().rank());
    const auto [top, e] = shifted_exponentials(x[0], axes);
    const Expr y = e / sum_along(e, axes);
    const Expr nothing = literal(*x[0].graph, -std::numeric_limits<double>::infinity());
    return integer_attribute(attributes, 1) != 0 ? where(equal(top, nothing), 0, y) : y;
}

}  // namespace

const Op softmax_op{
    .name = "softmax",
    .summary = "the exponentials divided by their sum",
    .arity = Arity{1},
    .attributes = {{"axis", std::vector<std::int64_t>{-1}}, {"masked", std::int64_t{0}}},
    .shape = softmax_shape,
    .reference = softmax_reference,
    .gradient = {softmax_gradient},
    .notation =
        [](const NotationCall& call) {
            return write_reduction(softmax_op, "\\operatorname{softmax}", call);
        },
    .lowering = expanded_softmax,
    .onnx = OnnxOperator{"Softmax"},
    .sample = {.domains = {{{-4, 4}}},
               .cases = softmax_cases,
               .conventions = {{"|x| = 1000", "no overflow"},
                               {"all are -infinity", "NaN; 0 with masked=1"},
                               {"a scalar", "1, as a vector of one"}}},
};

}  // namespace chainrule
