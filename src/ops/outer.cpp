// outer(a, b) = a @ b', the matrix of all products of an element of a and one of b.
#include "ops/shapes.h"

namespace chainrule {
namespace {

Type outer_shape(const ShapeCall& call) {
    Type result = scalar_result(call);
    for (std::size_t i = 0; i < 2; ++i) {
        refuse_index(call, "outer", i);
        if (call[i].rank() != 1) {
            throw ShapeError("outer needs two vectors, not " + call.describe(i),
                             static_cast<int>(i));
        }
        result.shape.push_back(call[i].shape[0]);
    }
    return checked_size(call, "outer", result);
}

void outer_reference(const ReferenceCall& call) {
    const std::size_t columns = call[1].data.size();
    for (std::size_t i = 0; i < call.result.data.size(); ++i) {
        call.result.data[i] = call[0].data[i / columns] * call[1].data[i % columns];
    }
}

Expr upright(Expr x) { return x.type().row ? transpose(x) : x; }

Written outer_notation(const NotationCall& call) {
    if (call.script == Script::latex) {
        return {call.operand(0, Precedence::product) + " \\otimes " +
                    call.operand(1, Precedence::negation),
                Precedence::product};
    }
    return {"outer(" + call.operand(0, Precedence::comparison) + ", " +
            call.operand(1, Precedence::comparison) + ")"};
}

}  // namespace

const Op outer_op{
    .name = "outer",
    .summary = "the outer product of two vectors, a @ b'",
    .arity = Arity{2},
    .attributes = {},
    .shape = outer_shape,
    .reference = outer_reference,
    .gradient = {[](const GradientCall& g) {
                     return reshape_to(matmul(g.dy, upright(g.x[1])), g.x[0].type());
                 },
                 [](const GradientCall& g) {
                     return reshape_to(matmul(transpose(g.dy), upright(g.x[0])), g.x[1].type());
                 }},
    .notation = outer_notation,
    .lowering = [](std::span<const Expr> x,
                   const Attributes&) { return matmul(upright(x[0]), transpose(upright(x[1]))); },
    .onnx = OnnxOperator{"Einsum"},
    .sample = {.domains = {{{-3, 3}}},
               .cases =
                   [] {
                       return std::vector<SampleCase>{
                           {{f64({1}), f64({1})}, {}},     {{f64({0}), f64({2})}, {}},
                           {{f64({2}), f64({3})}, {}},     {{f64({2}), f64_row(3)}, {}},
                           {{f64_row(3), f64_row(2)}, {}}, {{f64({20}), f64({15})}, {}}};
                   },
               .conventions = {}},
};

}  // namespace chainrule
