// argmax(x, axis=-1): the index of the greatest element along an axis, the last one unless told.
#include <cmath>

#include "ops/shapes.h"

namespace chainrule {
namespace {

Type argmax_shape(const ShapeCall& call) {
    refuse_index(call, "argmax", 0);
    const std::size_t axis = normal_axis(call, "argmax", integer_attribute(call.attributes, 0));
    Type result = call[0];
    if (result.shape[axis] == 0) {
        throw ShapeError(
            "argmax of no elements: axis " + std::to_string(axis) + " of " + call.describe(0), 0);
    }
    result.dtype = DType::index;
    result.classes = result.shape[axis];
    result.shape.erase(result.shape.begin() + static_cast<std::ptrdiff_t>(axis));
    result.row = false;
    return result;
}

void argmax_reference(const ReferenceCall& call) {
    const Tensor& x = call[0];
    const std::size_t axis = axis_attribute(call.attributes, 0, x.shape.size());
    const auto groups = groups_along(x.shape, {static_cast<std::int64_t>(axis)});
    for (std::size_t i = 0; i < groups.size(); ++i) {
        std::size_t best = 0;
        for (std::size_t k = 1; k < groups[i].size(); ++k) {
            const double so_far = x.data[groups[i][best]];
            const double value = x.data[groups[i][k]];
            const bool first_nan = std::isnan(value) && !std::isnan(so_far);
            best = value > so_far || first_nan ? k : best;
        }
        call.result.data[i] = static_cast<double>(best);
    }
}

// The first of the places where x is its maximum; of those where it is NaN, if there is one.
Expr expanded_argmax(std::span<const Expr> x, const Attributes& attributes) {
    const std::size_t axis = axis_attribute(attributes, 0, x[0].type().rank());
    const auto last = static_cast<std::int64_t>(axis);
    const std::int64_t extent = x[0].type().shape[axis];
    Shape along(x[0].type().rank(), 1);
    along[axis] = extent;
    const Expr value = x[0].type().row ? transpose(x[0]) : x[0];
    const Expr places = reshape(counting(*value.graph, extent), along);
    const Expr is_number = equal(value, value);
    const Expr reaches = where(is_number, equal(value, reduce_along(max_op, value, {last})), 1.0);
    const Expr reached = where(reaches, places, static_cast<double>(extent));
    const Expr first = call(min_op, {reached}, {std::vector<std::int64_t>{last}});
    return call(as_class_op, {first}, {extent});
}

}  // namespace

const Op argmax_op{
    .name = "argmax",
    .summary = "the index of the greatest element",
    .arity = Arity{1},
    .attributes = {{"axis", std::int64_t{-1}}},
    .shape = argmax_shape,
    .reference = argmax_reference,
    .gradient = {NotDifferentiable{"an index is a whole number: it has no derivative"}},
    .notation =
        [](const NotationCall& call) {
            return write_reduction(argmax_op, "\\operatorname{argmax}", call);
        },
    .lowering = expanded_argmax,
    .onnx = OnnxOperator{"ArgMax"},
    .sample = {.domains = {{{-3, 3}}},
               .cases =
                   [] {
                       return std::vector<SampleCase>{{{f64({1})}, {}},
                                                      {{f64({5})}, {}},
                                                      {{f64_row(3)}, {}},
                                                      {{f64({2, 3})}, {}},
                                                      {{f64({2, 3})}, {std::int64_t{0}}},
                                                      {{f64({200})}, {}}};
                   },
               .conventions = {{"a tie", "the first"}, {"an element is NaN", "the first NaN"}}},
};

}  // namespace chainrule
