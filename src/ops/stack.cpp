// stack(a, b, ..., axis=0): tensors of one shape side by side along a new axis.
#include <algorithm>

#include "ops/shapes.h"

namespace chainrule {
namespace {

// Where the new axis stands among the result's.
std::int64_t new_axis(const Attributes& attributes, std::size_t rank) {
    const std::int64_t axis = integer_attribute(attributes, 0);
    return axis < 0 ? axis + static_cast<std::int64_t>(rank) + 1 : axis;
}

Type stack_shape(const ShapeCall& call) {
    for (std::size_t i = 0; i < call.operands.size(); ++i) {
        refuse_index(call, "stack", i);
        if (call[i].shape != call[0].shape || call[i].row != call[0].row) {
            throw ShapeError("cannot stack " + call.describe(0) + " and " + call.describe(i) +
                                 ": their shapes differ",
                             static_cast<int>(i));
        }
    }
    const std::int64_t axis = new_axis(call.attributes, call[0].rank());
    if (axis < 0 || axis > static_cast<std::int64_t>(call[0].rank())) {
        throw ShapeError("stack along axis " +
                             std::to_string(integer_attribute(call.attributes, 0)) + " of " +
                             call.describe(0) + ": the result has " +
                             std::to_string(call[0].rank() + 1) + " axes",
                         0);
    }
    Type result = scalar_result(call);
    result.shape = call[0].shape;
    result.shape.insert(result.shape.begin() + axis,
                        static_cast<std::int64_t>(call.operands.size()));
    return checked_size(call, "stack", result);
}

void stack_reference(const ReferenceCall& call) {
    const auto axis = new_axis(call.attributes, call[0].shape.size());
    const auto to = blocks_along(call.result.shape, static_cast<std::size_t>(axis));
    for (std::size_t i = 0; i < call.operands.size(); ++i) {
        for (std::size_t outer = 0; outer < to.outer; ++outer) {
            const auto first = (outer * to.extent + i) * to.inner;
            std::copy_n(call[i].data.begin() + static_cast<std::ptrdiff_t>(outer * to.inner),
                        to.inner, call.result.data.begin() + static_cast<std::ptrdiff_t>(first));
        }
    }
}

Expr stack_gradient(const GradientCall& g) {
    const Type& type = g.x[g.operand].type();
    const auto place = static_cast<std::int64_t>(g.operand);
    const std::int64_t axis = new_axis(g.attributes, type.rank());
    return reshape_to(call(slice_op, {g.dy}, {place, place + 1, axis}), type);
}

Places stack_places(const PlacesCall& call) {
    const std::int64_t axis = new_axis(call.attributes, call.operands[0].rank());
    auto strides = strides_of(call.type.shape);
    const auto along = strides.begin() + axis;
    const std::int64_t offset = static_cast<std::int64_t>(call.operand) * *along;
    strides.erase(along);
    return {.offset = offset, .strides = strides};
}

}  // namespace

const Op stack_op{
    .name = "stack",
    .summary = "tensors of one shape side by side along a new axis",
    .arity = Arity{1, Arity::any},
    .attributes = {{"axis", std::int64_t{0}}},
    .shape = stack_shape,
    .reference = stack_reference,
    .gradient = {stack_gradient},
    .notation = CallNotation{"\\operatorname{stack}({...})"},
    .lowering = StridedPlacement{stack_places},
    .onnx = OnnxOperator{"ConcatFromSequence"},
    .sample = {.domains = {{{-3, 3}}},
               .cases =
                   [] {
                       const std::int64_t last = -1;
                       return std::vector<SampleCase>{
                           {{f64()}, {}},
                           {{f64(), f64(), f64()}, {}},
                           {{f64({0}), f64({0})}, {}},
                           {{f64({3}), f64({3})}, {}},
                           {{f64({3}), f64({3})}, {last}},
                           {{f64_row(3), f64_row(3)}, {}},
                           {{f64({2, 3}), f64({2, 3})}, {std::int64_t{1}}},
                           {{f64({50}), f64({50})}, {}}};
                   },
               .conventions = {}},
};

}  // namespace chainrule
