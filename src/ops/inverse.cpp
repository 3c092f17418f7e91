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

void inverse_reference(const ReferenceCall& call) {
    const LuDecomposition lu = decompose(call[0]);
    if (lu.singular) {
        std::ranges::fill(call.result.data, std::numeric_limits<double>::quiet_NaN());
        return;
    }
    for (std::size_t column = 0; column < lu.rows; ++column) {
        const std::vector<double> x = solve_unit(lu, column);
        for (std::size_t row = 0; row < lu.rows; ++row) {
            call.result.data[row * lu.rows + column] = x[row];
        }
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
    .reference = inverse_reference,
    .gradient = {[](const GradientCall& g) {
        const Expr turned = transpose(g.y);
        return -matmul(matmul(turned, g.dy), turned);
    }},
    .notation = inverse_notation,
    .lowering = ByReference{"a decomposition, all pivots and branches"},
    .onnx = NoOnnx{"ONNX has no inverse of a matrix"},
    .sample = {.domains = {{{-1, 1}}},
               .cases = square_cases,
               .conventions = {{"a singular matrix", "NaN, gradient NaN"}},
               .prepare = make_regular},
};

}  // namespace chainrule
