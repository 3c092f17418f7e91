// trace(A): the sum of the diagonal of a square matrix.
#include "ops/shapes.h"

namespace chainrule {
namespace {

Type trace_shape(const ShapeCall& call) {
    square_matrix(call, "trace", 0);
    return scalar_result(call);
}

void trace_reference(const ReferenceCall& call) {
    const auto rows = static_cast<std::size_t>(call[0].shape[0]);
    for (std::size_t i = 0; i < rows; ++i) {
        call.result.data[0] += call[0].data[i * rows + i];
    }
}

Expr trace_gradient(const GradientCall& g) {
    Graph& graph = *g.dy.graph;
    return g.dy * graph.expr(graph.add(eye_op, {}, {g.x[0].type().shape[0]}));
}

Expr expanded_trace(std::span<const Expr> x, const Attributes&) {
    Graph& graph = *x[0].graph;
    const Expr diagonal = graph.expr(graph.add(eye_op, {}, {x[0].type().shape[0]}));
    return sum(where(diagonal, x[0], 0));
}

}  // namespace

const Op trace_op{
    .name = "trace",
    .summary = "the sum of the diagonal",
    .arity = Arity{1},
    .attributes = {},
    .shape = trace_shape,
    .reference = trace_reference,
    .gradient = {trace_gradient},
    .notation = CallNotation{"\\operatorname{tr}({0})"},
    .lowering = expanded_trace,
    .onnx = OnnxOperator{"Einsum"},
    .sample = {.domains = {{{-3, 3}}},
               .cases = square_cases,
               .conventions = {{"a matrix without rows", "0"}}},
};

}  // namespace chainrule
