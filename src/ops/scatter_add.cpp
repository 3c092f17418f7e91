// scatter_add(x, indices, size, axis=0): zeros along a new axis of `size`, to which the elements of
// x are added at the indices: the transpose of gather.
#include "ops/scatter_add.h"

namespace chainrule {
namespace {

// The axis of the result, whose rank is x's with one axis for all of the indices'.
std::int64_t result_axis(const Attributes& attributes, std::size_t x_rank,
                         std::size_t indices_rank) {
    const std::int64_t axis = integer_attribute(attributes, 1);
    const auto rank =
        static_cast<std::int64_t>(x_rank + 1) - static_cast<std::int64_t>(indices_rank);
    return axis < 0 ? axis + rank : axis;
}

// One place that is known: zeros in front and behind.
std::optional<Expr> scatter_add_expansion(std::span<const Expr> x, const Attributes& attributes) {
    const std::int64_t size = integer_attribute(attributes, 0);
    const std::optional<std::int64_t> place = known_place(x[1], size);
    if (!place) {
        return std::nullopt;
    }
    Shape shape = x[0].type().shape;
    const std::int64_t axis = result_axis(attributes, shape.size(), 0);
    shape.insert(shape.begin() + axis, 1);
    return call(pad_op, {reshape(x[0], shape)}, {*place, size - 1 - *place, axis});
}

}  // namespace

Type scatter_add_shape(const ShapeCall& call) {
    refuse_index(call, "scatter_add", 0);
    const Type& x = call[0];
    const Type& indices = call[1];
    const std::int64_t size = integer_attribute(call.attributes, 0);
    if (size < 0 || size > max_elements) {
        throw ShapeError("scatter_add of " + call.describe(0) + " into " + std::to_string(size) +
                         " elements: at least 0, at most 2^40");
    }
    const std::int64_t axis = result_axis(call.attributes, x.rank(), indices.rank());
    bool fits = axis >= 0 && static_cast<std::size_t>(axis) + indices.rank() <= x.rank();
    for (std::size_t i = 0; fits && i < indices.rank(); ++i) {
        fits = x.shape[static_cast<std::size_t>(axis) + i] == indices.shape[i];
    }
    if (!fits) {
        throw ShapeError("cannot scatter " + call.describe(0) + " to " + call.describe(1) +
                             " along axis " +
                             std::to_string(integer_attribute(call.attributes, 1)) +
                             ": the axes from there on must be those of the indices",
                         1);
    }
    Type result = scalar_result(call);
    result.shape = x.shape;
    const auto first = result.shape.begin() + axis;
    result.shape.insert(
        result.shape.erase(first, first + static_cast<std::ptrdiff_t>(indices.rank())), size);
    result.row = x.row && result.rank() == 1;
    return checked_size(call, "scatter_add", result);
}

void add_at_indices(const ReferenceCall& call) {
    const Tensor& x = call[0];
    const Tensor& indices = call[1];
    const auto axis = static_cast<std::size_t>(
        result_axis(call.attributes, x.shape.size(), indices.shape.size()));
    const auto to = blocks_along(call.result.shape, axis);
    std::size_t from = 0;
    for (std::size_t outer = 0; outer < to.outer; ++outer) {
        for (const double index : indices.data) {
            const std::size_t block =
                outer * to.extent + checked_index("scatter_add", index, call.result.shape[axis]);
            for (std::size_t inner = 0; inner < to.inner; ++inner) {
                call.result.data[block * to.inner + inner] += x.data[from++];
            }
        }
    }
}

Expr scatter_add_gradient(const GradientCall& g) {
    const std::int64_t axis = integer_attribute(g.attributes, 1);
    return reshape_to(call(gather_op, {g.dy, g.x[1]}, {axis}), g.x[0].type());
}

std::size_t scatter_add_axis(const PlacesCall& call) {
    return static_cast<std::size_t>(
        result_axis(call.attributes, call.operands[0].rank(), call.operands[1].rank()));
}

std::vector<SampleCase> scatter_add_cases() {
    const std::int64_t three = 3;
    const std::int64_t last = -1;
    return {{{f64(), index_type()}, {three}},
            {{f64({0}), f64({0})}, {three}},
            {{f64({4}), index_type({4})}, {three}},
            {{f64_row(2), index_type({2}, 3)}, {three}},
            {{f64({2}), index_type()}, {three, last}},
            {{f64({4, 2}), index_type({4})}, {three}},
            {{f64({2, 2, 2}), index_type({2, 2})}, {three, last}},
            {{f64({2, 5, 3}), index_type({5})}, {three, std::int64_t{1}}},
            {{f64({60}), f64({60})}, {std::int64_t{40}}}};
}

const Op scatter_add_op{
    .name = "scatter_add",
    .summary = "zeros, to which the elements are added at the indices",
    .arity = Arity{2},
    .attributes = {{"size", std::int64_t{0}, true}, {"axis", std::int64_t{0}}},
    .shape = scatter_add_shape,
    .reference = add_at_indices,
    .gradient = {scatter_add_gradient,
                 NotDifferentiable{"an index is a whole number: it has no derivative"}},
    .notation = CallNotation{"\\operatorname{scatter\\_add}({0}, {1})"},
    .lowering = IndexedPlacement{.axis = scatter_add_axis, .expansion = scatter_add_expansion},
    .onnx = OnnxOperator{"ScatterND"},
    .sample = {.domains = {{{-3, 3}}, {{0, 0}, {1, 1}, {2, 2}}},
               .cases = scatter_add_cases,
               .conventions = {{"an index outside of the axis", "a named error"}}},
};

}  // namespace chainrule
