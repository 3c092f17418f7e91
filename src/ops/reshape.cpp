// reshape(x, shape): the same elements, in their order, in another shape. One extent may be -1: it
// follows from the others.
#include <algorithm>

#include "ops/shapes.h"

namespace chainrule {
namespace {

[[noreturn]] void refuse(const ShapeCall& call, const Shape& shape, const std::string& why) {
    throw ShapeError("cannot reshape " + call.describe(0) + " to " + to_string(shape) + ": " + why,
                     0);
}

// The product of the extents given, or a ShapeError.
std::int64_t given_count(const ShapeCall& call, const Shape& shape) {
    if (too_large(shape)) {
        refuse(call, shape, "more than 2^40 elements");
    }
    std::int64_t count = 1;
    for (const std::int64_t extent : shape) {
        if (extent < -1) {
            refuse(call, shape, "an extent is at least 0, or -1 for what follows from the others");
        }
        count *= extent == -1 ? 1 : extent;
    }
    return count;
}

Type reshape_shape(const ShapeCall& call) {
    const Shape& wanted = list_attribute(call.attributes, 0);
    const std::int64_t have = element_count(call[0].shape);
    const std::int64_t given = given_count(call, wanted);
    const auto open = std::ranges::count(wanted, -1);
    if (open > 1) {
        refuse(call, wanted, "-1 may stand once");
    }
    if (open == 1 && (given == 0 || have % given != 0)) {
        refuse(call, wanted,
               std::to_string(have) + " elements are no multiple of " + std::to_string(given));
    }
    if (open == 0 && given != have) {
        refuse(call, wanted, std::to_string(have) + " elements against " + std::to_string(given));
    }
    Type result = call[0];
    result.shape = wanted;
    result.row = false;
    std::ranges::replace(result.shape, -1, open == 1 ? have / given : -1);
    return result;
}

}  // namespace

const Op reshape_op{
    .name = "reshape",
    .summary = "the same elements in another shape",
    .arity = Arity{1},
    .attributes = {{"shape", std::vector<std::int64_t>{}, true}},
    .shape = reshape_shape,
    .reference = [](const ReferenceCall& call) { call.result.data = call[0].data; },
    .gradient = {[](const GradientCall& g) { return reshape_to(g.dy, g.x[0].type()); }},
    .notation = CallNotation{"\\operatorname{reshape}_{{shape}}({0})"},
    .lowering = StridedView{same_places},
    .onnx = OnnxOperator{"Reshape"},
    .sample = {.domains = {{{-3, 3}}},
               .cases =
                   [] {
                       using List = std::vector<std::int64_t>;
                       return std::vector<SampleCase>{{{f64()}, {List{1}}},
                                                      {{f64()}, {List{1, 1}}},
                                                      {{f64({1})}, {List{}}},
                                                      {{f64({0})}, {List{0, 3}}},
                                                      {{f64({6})}, {List{2, 3}}},
                                                      {{f64_row(6)}, {List{6}}},
                                                      {{f64_row(6)}, {List{3, -1}}},
                                                      {{f64({2, 3})}, {List{-1}}},
                                                      {{f64({2, 3, 4})}, {List{4, 6}}},
                                                      {{f64({120})}, {List{2, -1, 5}}}};
                   },
               .conventions = {}},
};

}  // namespace chainrule
