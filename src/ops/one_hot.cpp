// one_hot(y, classes): the unit vector with 1 at place y, of the label's own number of classes
// unless told.
#include "ops/shapes.h"

namespace chainrule {
namespace {

std::int64_t classes_of(const ShapeCall& call) {
    const std::int64_t told = integer_attribute(call.attributes, 0);
    const std::int64_t own = call[0].classes;
    if (told < 0 || told > max_elements) {
        throw ShapeError("one_hot with " + std::to_string(told) + " classes", 0);
    }
    if (told == 0 && own == 0) {
        throw ShapeError("one_hot needs to know how many classes " + call.describe(0) + " has", 0,
                         "one_hot(y, 10) tells it");
    }
    if (told != 0 && told < own) {
        throw ShapeError("one_hot of " + call.describe(0) + " with " + std::to_string(told) +
                             " classes: the label has " + std::to_string(own),
                         0);
    }
    return told != 0 ? told : own;
}

Type one_hot_shape(const ShapeCall& call) {
    Type result = scalar_result(call);
    result.shape = call[0].shape;
    result.shape.push_back(classes_of(call));
    return checked_size(call, "one_hot", result);
}

void one_hot_reference(const ReferenceCall& call) {
    const std::int64_t classes = call.result.shape.back();
    std::size_t first = 0;
    for (const double label : call[0].data) {
        call.result.data[first + checked_index("one_hot", label, classes)] = 1;
        first += static_cast<std::size_t>(classes);
    }
}

Written one_hot_notation(const NotationCall& call) {
    const std::string label = call.operand(0, Precedence::comparison);
    const std::int64_t told = integer_attribute(call.attributes, 0);
    if (call.script == Script::latex) {
        return {"\\mathbf{e}_{" + label + "}"};
    }
    return {"one_hot(" + label +
            (told == call.operands[0].classes || told == 0 ? "" : ", " + std::to_string(told)) +
            ")"};
}

Expr expanded_one_hot(std::span<const Expr> x, const Attributes& attributes) {
    const std::int64_t told = integer_attribute(attributes, 0);
    Shape places = x[0].type().shape;
    places.push_back(1);
    return equal(reshape(x[0], places),
                 counting(*x[0].graph, told != 0 ? told : x[0].type().classes));
}

}  // namespace

const Op one_hot_op{
    .name = "one_hot",
    .summary = "the unit vector with 1 at the label's place",
    .arity = Arity{1},
    .attributes = {{"classes", std::int64_t{0}}},
    .shape = one_hot_shape,
    .reference = one_hot_reference,
    .gradient = {NotDifferentiable{"a class label is a whole number: it has no derivative"}},
    .notation = one_hot_notation,
    .lowering = expanded_one_hot,
    .onnx = OnnxOperator{"OneHot"},
    .sample = {.domains = {{{0, 0}, {1, 1}, {2, 2}}},
               .cases =
                   [] {
                       return std::vector<SampleCase>{
                           {{index_type({}, 3)}, {}},     {{index_type()}, {std::int64_t{4}}},
                           {{f64()}, {std::int64_t{3}}},  {{index_type({0}, 3)}, {}},
                           {{index_type({2, 3}, 3)}, {}}, {{index_type({40}, 10)}, {}}};
                   },
               .conventions = {{"a label that is no class", "a named error"}}},
};

}  // namespace chainrule
