// gather(x, indices, axis=0): the elements of x at the indices along an axis, whose place the axes
// of the indices take. Indices count from 0.
#include <algorithm>

#include "ops/shapes.h"

namespace chainrule {
namespace {

Type gather_shape(const ShapeCall& call) {
    const std::size_t axis = normal_axis(call, "gather", integer_attribute(call.attributes, 0));
    const auto place = static_cast<std::ptrdiff_t>(axis);
    const Type& x = call[0];
    const Type& indices = call[1];
    if (indices.classes > x.shape[axis]) {
        throw ShapeError("cannot gather from " + call.describe(0) + " at " + call.describe(1) +
                             ": labels below " + std::to_string(indices.classes) + " against " +
                             std::to_string(x.shape[axis]) + " elements",
                         1);
    }
    Type result = x;
    result.shape.erase(result.shape.begin() + place);
    result.shape.insert(result.shape.begin() + place, indices.shape.begin(), indices.shape.end());
    result.row = x.row && indices.rank() == 1;
    result.per_example |= indices.per_example;
    return checked_size(call, "gather", result);
}

void gather_reference(const ReferenceCall& call) {
    const Tensor& x = call[0];
    const std::size_t axis = axis_attribute(call.attributes, 0, x.shape.size());
    const auto from = blocks_along(x.shape, axis);
    auto to = call.result.data.begin();
    for (std::size_t outer = 0; outer < from.outer; ++outer) {
        for (const double index : call[1].data) {
            const std::size_t block =
                outer * from.extent + checked_index("gather", index, x.shape[axis]);
            to = std::copy_n(x.data.begin() + static_cast<std::ptrdiff_t>(block * from.inner),
                             from.inner, to);
        }
    }
}

Expr gather_gradient(const GradientCall& g) {
    const Type& x = g.x[0].type();
    const std::int64_t given = integer_attribute(g.attributes, 0);
    const std::size_t axis = axis_attribute(g.attributes, 0, x.rank());
    const std::int64_t size = x.shape[axis];
    // The cotangent may have more axes, or fewer: an axis from the end keeps its meaning.
    return reshape_to(call(scatter_add_op, {g.dy, g.x[1]}, {size, given}), x);
}

std::size_t gather_axis(const PlacesCall& call) {
    return axis_attribute(call.attributes, 0, call.operands[0].rank());
}

// One place that is known: a slice of one element, without its axis.
std::optional<Expr> gather_expansion(std::span<const Expr> x, const Attributes& attributes) {
    Shape shape = x[0].type().shape;
    const std::size_t axis = axis_attribute(attributes, 0, shape.size());
    const std::optional<std::int64_t> place = known_place(x[1], shape[axis]);
    if (!place) {
        return std::nullopt;
    }
    shape.erase(shape.begin() + static_cast<std::ptrdiff_t>(axis));
    return reshape(call(slice_op, {x[0]}, {*place, *place + 1, static_cast<std::int64_t>(axis)}),
                   shape);
}

}  // namespace

const Op gather_op{
    .name = "gather",
    .summary = "the elements at the indices along an axis",
    .arity = Arity{2},
    .attributes = {{"axis", std::int64_t{0}}},
    .shape = gather_shape,
    .reference = gather_reference,
    .gradient = {gather_gradient,
                 NotDifferentiable{"an index is a whole number: it has no derivative"}},
    .notation = CallNotation{"\\operatorname{gather}({0}, {1})"},
    .lowering = IndexedView{.axis = gather_axis, .expansion = gather_expansion},
    .onnx = OnnxOperator{"Gather"},
    .sample = {.domains = {{{-3, 3}}, {{0, 0}, {1, 1}, {2, 2}}},
               .cases =
                   [] {
                       const std::int64_t last = -1;
                       return std::vector<SampleCase>{
                           {{f64({3}), index_type()}, {}},
                           {{f64({4}), f64({0})}, {}},
                           {{f64({4}), index_type({3})}, {}},
                           {{f64_row(3), index_type({2}, 3)}, {}},
                           {{f64_row(3), index_type()}, {}},
                           {{f64({3, 2}), index_type({4})}, {}},
                           {{f64({2, 3}), index_type()}, {last}},
                           {{f64({2, 3}), index_type({2, 2})}, {last}},
                           {{f64({2, 4, 3}), index_type({2})}, {std::int64_t{1}}},
                           {{f64({50}), f64({40})}, {}}};
                   },
               .conventions = {{"an index outside of the axis", "a named error"},
                               {"an index twice", "its gradients add up"}}},
};

}  // namespace chainrule
