// logdet(A) = log|det(A)|, from the pivots, so that the determinant may overflow.
//
// The sign of the determinant does not matter to the gradient (Jacobi's formula; Magnus and
// Neudecker, Matrix Differential Calculus, 2019, ch. 8), which holds for both signs.
#include <cmath>

#include "ops/lu.h"
#include "ops/shapes.h"

namespace chainrule {
namespace {

Type logdet_shape(const ShapeCall& call) {
    square_matrix(call, "logdet", 0);
    return scalar_result(call);
}

void sum_of_pivots(const RoutineCall& call) {
    const MatrixSpan a{call.operand, static_cast<std::size_t>(call.shape[0])};
    decompose(a, {});
    call.result[0] = 0;
    for (std::size_t i = 0; i < a.columns; ++i) {
        call.result[0] += std::log(std::abs(a(i, i)));
    }
}

}  // namespace

const Op logdet_op{
    .name = "logdet",
    .summary = "the logarithm of the determinant's absolute value",
    .arity = Arity{1},
    .attributes = {},
    .shape = logdet_shape,
    .reference = by_routine<sum_of_pivots>,
    .gradient = {[](const GradientCall& g) {
        return g.dy * transpose(call(inverse_op, {g.x[0]}));
    }},
    .notation = CallNotation{"\\log |\\det {0}|"},
    .lowering = Routine{"a decomposition: pivots and branches, in double precision", sum_of_pivots},
    .onnx = NoOnnx{"ONNX has Det alone, which overflows where its logarithm does not"},
    .sample = {.domains = {{{-1, 1}}},
               .cases = square_cases,
               .conventions = {{"det(A) < 0", "log(-det(A)), the same gradient"},
                               {"a singular matrix", "-infinity, gradient NaN"},
                               {"a matrix without rows", "0"}},
               .prepare = make_regular},
};

}  // namespace chainrule
