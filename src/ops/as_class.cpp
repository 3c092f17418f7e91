// as_class(x, classes): a whole number as a class label below `classes`, the converse of what a
// label is among numbers (cast.cpp). Whoever looks for a place at it checks it.
#include "ops/rules.h"

namespace chainrule {
namespace {

Type as_class_shape(const ShapeCall& call) {
    const std::int64_t classes = integer_attribute(call.attributes, 0);
    if (classes < 1) {
        throw ShapeError("as_class of " + call.describe(0) + " with " + std::to_string(classes) +
                             " classes: at least 1",
                         0);
    }
    Type result = call[0];
    result.dtype = DType::index;
    result.classes = classes;
    result.row = false;
    return result;
}

}  // namespace

const Op as_class_op{
    .name = "as_class",
    .summary = "a whole number as a class label",
    .arity = Arity{1},
    .attributes = {{"classes", std::int64_t{0}, true}},
    .shape = as_class_shape,
    .reference = [](const ReferenceCall& call) { call.result.data = call[0].data; },
    .gradient = {NotDifferentiable{"a class label is a whole number: it has no derivative"}},
    .notation = CallNotation{"\\operatorname{as\\_class}({0})"},
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return x[0]; },
    .onnx = OnnxOperator{"Cast"},
    .sample = {.domains = {{{0, 0}, {1, 1}, {2, 2}}},
               .cases =
                   [] {
                       const std::int64_t three = 3;
                       return std::vector<SampleCase>{
                           {{f64()}, {three}}, {{f64({4})}, {three}}, {{f64({2, 3})}, {three}}};
                   },
               .conventions = {}},
};

}  // namespace chainrule
