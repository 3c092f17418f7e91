// pad(x, before, after, axis=0): x with zeros in front and behind along an axis, the transpose of
// slice.
#include <algorithm>

#include "ops/shapes.h"

namespace chainrule {
namespace {

Type pad_shape(const ShapeCall& call) {
    refuse_index(call, "pad", 0);
    const std::size_t axis = normal_axis(call, "pad", integer_attribute(call.attributes, 2));
    Type result = scalar_result(call);
    result.shape = call[0].shape;
    result.row = call[0].row;
    for (const std::size_t side : {0, 1}) {
        const std::int64_t zeros = integer_attribute(call.attributes, side);
        if (zeros < 0 || zeros > max_elements) {
            throw ShapeError("cannot pad " + call.describe(0) + " with " + std::to_string(zeros) +
                                 " zeros: at least 0, at most 2^40",
                             0);
        }
        result.shape[axis] += zeros;
    }
    return checked_size(call, "pad", result);
}

void pad_reference(const ReferenceCall& call) {
    const std::size_t axis = axis_attribute(call.attributes, 2, call[0].shape.size());
    const auto from = blocks_along(call[0].shape, axis);
    const auto to = blocks_along(call.result.shape, axis);
    const auto before = static_cast<std::size_t>(integer_attribute(call.attributes, 0));
    const std::size_t run = from.extent * from.inner;
    for (std::size_t outer = 0; outer < from.outer; ++outer) {
        const auto first = (outer * to.extent + before) * to.inner;
        std::copy_n(call[0].data.begin() + static_cast<std::ptrdiff_t>(outer * run), run,
                    call.result.data.begin() + static_cast<std::ptrdiff_t>(first));
    }
}

Expr pad_gradient(const GradientCall& g) {
    const std::int64_t axis = integer_attribute(g.attributes, 2);
    const std::int64_t before = integer_attribute(g.attributes, 0);
    const Shape& shape = g.x[0].type().shape;
    const std::int64_t extent = shape[axis_attribute(g.attributes, 2, shape.size())];
    return call(slice_op, {g.dy}, {before, before + extent, axis});
}

Places pad_places(const PlacesCall& call) {
    const std::size_t axis = axis_attribute(call.attributes, 2, call.type.rank());
    const auto strides = strides_of(call.type.shape);
    return {.offset = integer_attribute(call.attributes, 0) * strides[axis], .strides = strides};
}

}  // namespace

const Op pad_op{
    .name = "pad",
    .summary = "zeros in front and behind along an axis",
    .arity = Arity{1},
    .attributes = {{"before", std::int64_t{0}, true},
                   {"after", std::int64_t{0}, true},
                   {"axis", std::int64_t{0}}},
    .shape = pad_shape,
    .reference = pad_reference,
    .gradient = {pad_gradient},
    .notation = CallNotation{"\\operatorname{pad}_{{before},{after}}({0})"},
    .lowering = StridedPlacement{pad_places},
    .onnx = OnnxOperator{"Pad"},
    .sample = {.domains = {{{-3, 3}}},
               .cases =
                   [] {
                       const auto zeros = [](std::int64_t i) { return Attribute(i); };
                       return std::vector<SampleCase>{
                           {{f64({1})}, {zeros(0), zeros(0)}},
                           {{f64({0})}, {zeros(1), zeros(2)}},
                           {{f64({3})}, {zeros(1), zeros(2)}},
                           {{f64_row(3)}, {zeros(0), zeros(2)}},
                           {{f64({2, 3})}, {zeros(1), zeros(0)}},
                           {{f64({2, 3})}, {zeros(1), zeros(1), zeros(-1)}},
                           {{f64({2, 2, 3})}, {zeros(0), zeros(1), zeros(1)}},
                           {{f64({100})}, {zeros(30), zeros(20)}}};
                   },
               .conventions = {}},
};

}  // namespace chainrule
