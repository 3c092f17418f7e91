// inverse(A): the matrix whose product with A is the unit matrix.
//
// From A Y = I follows dA Y + A dY = 0, so that dY = -Y dA Y (Magnus and Neudecker, Matrix
// Differential Calculus, 2019, ch. 8).
#include <algorithm>
#include <limits>

#include "ops/lu.h"
#include "ops/shapes.h"

namespace chainrule {
namespace {

void invert(const RoutineCall& call) {
    const auto rows = static_cast<std::size_t>(call.shape[0]);
    const MatrixSpan a{call.operand, rows};
    const MatrixSpan inverse{call.result, rows};
    std::ranges::fill(call.result, 0.0);
    for (std::size_t i = 0; i < rows; ++i) {
        inverse(i, i) = 1;
    }
    if (decompose(a, inverse)) {
        solve(a, inverse);
    } else {
        std::ranges::fill(call.result, std::numeric_limits<double>::quiet_NaN());
    }
}

Written inverse_notation(const NotationCall& call) {
    if (call.script == Script::text) {
        return {"inverse(" + call.operand(0, Precedence::comparison) + ")"};
    }
    // TeX takes no second superscript on one symbol.
    const std::string operand = call.operand(0, Precedence::atom);
    const bool superscript = operand.find('^') != std::string::npos;
    return {(superscript ? "{" + operand + "}" : operand) + "^{-1}", Precedence::power};
}

}  // namespace

const Op inverse_op{
    .name = "inverse",
    .summary = "the inverse of a square matrix",
    .arity = Arity{1},
    .attributes = {},
    .shape = [](const ShapeCall& call) { return square_matrix(call, "inverse", 0); },
    .reference = by_routine<invert>,
    .gradient = {[](const GradientCall& g) {
        const Expr turned = transpose(g.y);
        return -matmul(matmul(turned, g.dy), turned);
    }},
    .notation = inverse_notation,
    .lowering = Routine{"a decomposition: pivots and branches, in double precision", invert},
    .onnx = NoOnnx{"ONNX has no inverse of a matrix"},
    .sample = {.domains = {{{-1, 1}}},
               .cases = square_cases,
               .conventions = {{"a singular matrix", "NaN, gradient NaN"}},
               .prepare = make_regular},
};

}  // namespace chainrule
