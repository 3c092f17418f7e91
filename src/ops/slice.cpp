// slice(x, start, stop, axis=0): the elements from `start` to before `stop` along an axis. Negative
// places count from the end, as in Python; places outside of the axis are an error, not cut off.
#include <algorithm>

#include "ops/shapes.h"

namespace chainrule {
namespace {

struct Range {
    std::int64_t start;
    std::int64_t stop;
};

Range range_of(const Attributes& attributes, std::int64_t extent) {
    const auto from_front = [&](std::int64_t place) { return place < 0 ? place + extent : place; };
    return {from_front(integer_attribute(attributes, 0)),
            from_front(integer_attribute(attributes, 1))};
}

Type slice_shape(const ShapeCall& call) {
    const std::size_t axis = normal_axis(call, "slice", integer_attribute(call.attributes, 2));
    const std::int64_t extent = call[0].shape[axis];
    const auto [start, stop] = range_of(call.attributes, extent);
    if (start < 0 || stop > extent || start > stop) {
        throw ShapeError("cannot slice " + call.describe(0) + " from " +
                             std::to_string(integer_attribute(call.attributes, 0)) + " to " +
                             std::to_string(integer_attribute(call.attributes, 1)) + ": axis " +
                             std::to_string(axis) + " has " + std::to_string(extent) + " elements",
                         0);
    }
    Type result = call[0];
    result.shape[axis] = stop - start;
    return result;
}

void slice_reference(const ReferenceCall& call) {
    const Shape& shape = call[0].shape;
    const std::size_t axis = axis_attribute(call.attributes, 2, shape.size());
    const auto from = blocks_along(shape, axis);
    const std::size_t run = blocks_along(call.result.shape, axis).extent * from.inner;
    const auto start = static_cast<std::size_t>(range_of(call.attributes, shape[axis]).start);
    for (std::size_t outer = 0; outer < from.outer; ++outer) {
        const auto first = (outer * from.extent + start) * from.inner;
        std::copy_n(call[0].data.begin() + static_cast<std::ptrdiff_t>(first), run,
                    call.result.data.begin() + static_cast<std::ptrdiff_t>(outer * run));
    }
}

Expr slice_gradient(const GradientCall& g) {
    const std::int64_t axis = integer_attribute(g.attributes, 2);
    const Shape& shape = g.x[0].type().shape;
    const std::int64_t extent = shape[axis_attribute(g.attributes, 2, shape.size())];
    const auto [start, stop] = range_of(g.attributes, extent);
    return call(pad_op, {g.dy}, {start, extent - stop, axis});
}

Places slice_places(const PlacesCall& call) {
    const Shape& shape = call.operands[0].shape;
    const std::size_t axis = axis_attribute(call.attributes, 2, shape.size());
    const auto strides = strides_of(shape);
    return {.offset = range_of(call.attributes, shape[axis]).start * strides[axis],
            .strides = strides};
}

}  // namespace

const Op slice_op{
    .name = "slice",
    .summary = "the elements from start to before stop along an axis",
    .arity = Arity{1},
    .attributes = {{"start", std::int64_t{0}, true},
                   {"stop", std::int64_t{0}, true},
                   {"axis", std::int64_t{0}}},
    .shape = slice_shape,
    .reference = slice_reference,
    .gradient = {slice_gradient},
    .notation = CallNotation{"\\operatorname{slice}_{{start}:{stop}}({0})"},
    .lowering = StridedView{slice_places},
    .onnx = OnnxOperator{"Slice"},
    .sample = {.domains = {{{-3, 3}}},
               .cases =
                   [] {
                       const auto place = [](std::int64_t i) { return Attribute(i); };
                       return std::vector<SampleCase>{
                           {{f64({1})}, {place(0), place(1)}},
                           {{f64({3})}, {place(2), place(2)}},
                           {{f64({5})}, {place(1), place(-1)}},
                           {{f64_row(5)}, {place(-2), place(5)}},
                           {{f64({3, 4})}, {place(0), place(2)}},
                           {{f64({3, 4})}, {place(1), place(3), place(-1)}},
                           {{f64({2, 4, 3})}, {place(1), place(2), place(1)}},
                           {{f64({200})}, {place(50), place(150)}}};
                   },
               .conventions = {}},
};

}  // namespace chainrule
