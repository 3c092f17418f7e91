// A value repeated along new or unit axes, as NumPy broadcasts: the explicit
// node that keeps every elementwise rule the textbook's, and puts the sum that
// its derivative needs in one place.
#include "ops/shapes.h"

namespace chainrule {
namespace {

Type broadcast_shape(const ShapeCall& call) {
    const Shape& from = call[0].shape;
    const Shape& to = list_attribute(call.attributes, 0);
    bool fits = from.size() <= to.size();
    for (std::size_t i = 0; fits && i < from.size(); ++i) {
        const std::int64_t extent = from[from.size() - 1 - i];
        fits = extent == 1 || extent == to[to.size() - 1 - i];
    }
    if (!fits) {
        throw ShapeError("cannot broadcast " + call.describe(0) + " to " + to_string(to), 0);
    }
    Type result = call[0];
    result.shape = to;
    result.row = integer_attribute(call.attributes, 1) != 0 && to.size() == 1;
    return checked_size(call, "broadcast", result);
}

void broadcast_reference(const ReferenceCall& call) {
    const Tensor& x = call[0];
    const auto from = strides_of(x.shape);
    const auto to = strides_of(call.result.shape);
    const std::size_t extra = to.size() - from.size();
    for (std::size_t i = 0; i < call.result.data.size(); ++i) {
        std::int64_t source = 0;
        for (std::size_t axis = 0; axis < from.size(); ++axis) {
            const std::int64_t extent = call.result.shape[axis + extra];
            const std::int64_t place = static_cast<std::int64_t>(i) / to[axis + extra] % extent;
            source += (x.shape[axis] == 1 ? 0 : place) * from[axis];
        }
        call.result.data[i] = x.data[static_cast<std::size_t>(source)];
    }
}

Places broadcast_places(const PlacesCall& call) {
    const Shape& from = call.operands[0].shape;
    const auto strides = strides_of(from);
    Places places{.offset = 0, .strides = std::vector<std::int64_t>(call.type.rank(), 0)};
    const std::size_t extra = call.type.rank() - from.size();
    for (std::size_t axis = 0; axis < from.size(); ++axis) {
        places.strides[axis + extra] = from[axis] == 1 ? 0 : strides[axis];
    }
    return places;
}

}  // namespace

const Op broadcast_op{
    .name = "broadcast",
    .summary = "x repeated to a larger shape",
    .arity = Arity{1},
    .attributes = {{"shape", std::vector<std::int64_t>{}, true}, {"row", std::int64_t{0}}},
    .shape = broadcast_shape,
    .reference = broadcast_reference,
    .gradient = {[](const GradientCall& g) { return sum_to(g.dy, g.x[0].type()); }},
    .notation = ImplicitNotation{"\\operatorname{broadcast}({0})"},
    .lowering = StridedView{broadcast_places},
    .onnx = OnnxOperator{"Expand"},
    .sample = {.domains = {{{-3, 3}}},
               .cases =
                   [] {
                       using List = std::vector<std::int64_t>;
                       return std::vector<SampleCase>{{{f64()}, {List{3}}},
                                                      {{f64()}, {List{3}, std::int64_t{1}}},
                                                      {{f64()}, {List{0}}},
                                                      {{f64({3})}, {List{2, 3}}},
                                                      {{f64_row(3)}, {List{2, 3}}},
                                                      {{f64({2, 1})}, {List{2, 4}}},
                                                      {{f64({1, 3})}, {List{2, 4, 3}}}};
                   },
               .conventions = {}},
};

}  // namespace chainrule
