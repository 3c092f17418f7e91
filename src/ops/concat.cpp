// concat(a, b, ..., axis=0): tensors one behind the other along an axis they have.
#include <algorithm>

#include "ops/shapes.h"

namespace chainrule {
namespace {

void refuse_unlike(const ShapeCall& call, std::size_t operand, std::size_t along) {
    const Type& first = call[0];
    const Type& other = call[operand];
    const std::string what =
        "cannot concatenate " + call.describe(0) + " and " + call.describe(operand);
    if (other.rank() != first.rank()) {
        throw ShapeError(what + ": " + std::to_string(first.rank()) + " axes against " +
                             std::to_string(other.rank()),
                         static_cast<int>(operand));
    }
    if (other.row != first.row) {
        throw ShapeError(what + ": a row meets a vector, which stands upright",
                         static_cast<int>(operand), "a ' after one of them makes both alike");
    }
    for (std::size_t axis = 0; axis < first.rank(); ++axis) {
        if (axis != along && other.shape[axis] != first.shape[axis]) {
            throw ShapeError(what + ": " + std::to_string(first.shape[axis]) + " against " +
                                 std::to_string(other.shape[axis]) + " in axis " +
                                 std::to_string(axis),
                             static_cast<int>(operand));
        }
    }
}

Type concat_shape(const ShapeCall& call) {
    for (std::size_t i = 0; i < call.operands.size(); ++i) {
        refuse_index(call, "concat", i);
        if (call[i].is_scalar()) {
            throw ShapeError("concat needs tensors with an axis, not " + call.describe(i),
                             static_cast<int>(i), "stack makes a vector of scalars");
        }
    }
    const std::size_t axis = normal_axis(call, "concat", integer_attribute(call.attributes, 0));
    Type result = scalar_result(call);
    result.shape = call[0].shape;
    result.row = call[0].row;
    for (std::size_t i = 1; i < call.operands.size(); ++i) {
        refuse_unlike(call, i, axis);
        result.shape[axis] += call[i].shape[axis];
        result = checked_size(call, "concat", std::move(result));
    }
    return result;
}

void concat_reference(const ReferenceCall& call) {
    const std::size_t axis = axis_attribute(call.attributes, 0, call.result.shape.size());
    const auto to = blocks_along(call.result.shape, axis);
    std::size_t offset = 0;
    for (const Tensor* x : call.operands) {
        const std::size_t run = blocks_along(x->shape, axis).extent * to.inner;
        for (std::size_t outer = 0; outer < to.outer; ++outer) {
            const auto first = outer * to.extent * to.inner + offset;
            std::copy_n(x->data.begin() + static_cast<std::ptrdiff_t>(outer * run), run,
                        call.result.data.begin() + static_cast<std::ptrdiff_t>(first));
        }
        offset += run;
    }
}

Expr concat_gradient(const GradientCall& g) {
    const std::int64_t along = integer_attribute(g.attributes, 0);
    const std::size_t axis = axis_attribute(g.attributes, 0, g.x[0].type().rank());
    std::int64_t start = 0;
    for (std::size_t i = 0; i < g.operand; ++i) {
        start += g.x[i].type().shape[axis];
    }
    return call(slice_op, {g.dy}, {start, start + g.x[g.operand].type().shape[axis], along});
}

Places concat_places(const PlacesCall& call) {
    const std::size_t axis = axis_attribute(call.attributes, 0, call.type.rank());
    const auto strides = strides_of(call.type.shape);
    std::int64_t before = 0;
    for (std::size_t i = 0; i < call.operand; ++i) {
        before += call.operands[i].shape[axis];
    }
    return {.offset = before * strides[axis], .strides = strides};
}

}  // namespace

const Op concat_op{
    .name = "concat",
    .summary = "tensors one behind the other along an axis",
    .arity = Arity{1, Arity::any},
    .attributes = {{"axis", std::int64_t{0}}},
    .shape = concat_shape,
    .reference = concat_reference,
    .gradient = {concat_gradient},
    .notation = CallNotation{"\\operatorname{concat}({...})"},
    .lowering = StridedPlacement{concat_places},
    .onnx = OnnxOperator{"Concat"},
    .sample = {.domains = {{{-3, 3}}},
               .cases =
                   [] {
                       const std::int64_t last = -1;
                       return std::vector<SampleCase>{
                           {{f64({1})}, {}},
                           {{f64({2}), f64({0})}, {}},
                           {{f64({2}), f64({3}), f64({1})}, {}},
                           {{f64_row(2), f64_row(3)}, {}},
                           {{f64({1, 3}), f64({2, 3})}, {}},
                           {{f64({2, 3}), f64({2, 1})}, {last}},
                           {{f64({2, 1, 3}), f64({2, 2, 3})}, {std::int64_t{1}}},
                           {{f64({60}), f64({80})}, {}}};
                   },
               .conventions = {}},
};

}  // namespace chainrule
