// a @ b, the matrix product; its types are in ops/matmul.h.
//
// The gradients are the textbook's, dy @ b' and a' @ dy (Magnus and Neudecker, Matrix Differential
// Calculus, 2019, ch. 9), in the forms that rows and vectors give them.
#include "ops/matmul.h"

namespace chainrule {
namespace {

// The operands as a stack of matrices [rows, inner] and [inner, columns].
struct Layout {
    std::size_t rows = 1;
    std::size_t inner = 1;
    std::size_t columns = 1;
};

Layout layout_of(const Shape& a, const Shape& b, const Shape& result) {
    Layout layout;
    if (a.size() == 1 && b.size() == 1 && result.size() == 2) {  // vector @ row
        layout.rows = static_cast<std::size_t>(a[0]);
        layout.columns = static_cast<std::size_t>(b[0]);
        return layout;
    }
    layout.inner = static_cast<std::size_t>(a.back());
    layout.rows = a.size() == 1 ? 1 : static_cast<std::size_t>(a[a.size() - 2]);
    layout.columns = b.size() == 1 ? 1 : static_cast<std::size_t>(b.back());
    return layout;
}

// Which matrix of an operand belongs to matrix `number` of the result's stack.
std::size_t matrix_of(const Shape& operand, const Shape& stack, std::size_t number) {
    std::size_t place = 0;
    std::size_t step = 1;
    for (std::size_t from_end = 1; from_end <= stack.size(); ++from_end) {
        const auto extent = static_cast<std::size_t>(stack[stack.size() - from_end]);
        const std::size_t index = number % extent;
        number /= extent;
        if (operand.size() >= from_end + 2) {
            const auto own = static_cast<std::size_t>(operand[operand.size() - from_end - 2]);
            place += own == 1 ? 0 : index * step;
            step *= own;
        }
    }
    return place;
}

void multiply_matrix(const double* a, const double* b, const Layout& layout, double* result) {
    for (std::size_t i = 0; i < layout.rows; ++i) {
        for (std::size_t j = 0; j < layout.columns; ++j) {
            for (std::size_t k = 0; k < layout.inner; ++k) {
                result[i * layout.columns + j] +=
                    a[i * layout.inner + k] * b[k * layout.columns + j];
            }
        }
    }
}

}  // namespace

void multiply_matrices(const ReferenceCall& call) {
    const Tensor& a = call[0];
    const Tensor& b = call[1];
    std::vector<double>& y = call.result.data;
    if (a.is_scalar() || b.is_scalar()) {
        for (std::size_t i = 0; i < y.size(); ++i) {
            y[i] = a.data[a.is_scalar() ? 0 : i] * b.data[b.is_scalar() ? 0 : i];
        }
        return;
    }
    const Shape& shape = call.result.shape;
    const Layout layout = layout_of(a.shape, b.shape, shape);
    const std::size_t flat = std::size_t{a.shape.size() == 1} + std::size_t{b.shape.size() == 1};
    const std::size_t own_axes = shape.size() == 2 && flat == 2 ? 2 : 2 - flat;
    const Shape stack(shape.begin(), shape.end() - static_cast<std::ptrdiff_t>(own_axes));
    const std::size_t size = layout.rows * layout.columns;
    for (std::size_t number = 0; size > 0 && number < y.size() / size; ++number) {
        const std::size_t from_a = matrix_of(a.shape, stack, number) * layout.rows * layout.inner;
        const std::size_t from_b =
            matrix_of(b.shape, stack, number) * layout.inner * layout.columns;
        multiply_matrix(a.data.data() + from_a, b.data.data() + from_b, layout,
                        y.data() + number * size);
    }
}

const Op matmul_op{
    .name = "matmul",
    .summary = "the matrix product",
    .arity = Arity{2},
    .attributes = {},
    .shape = matmul_shape,
    .reference = multiply_matrices,
    .gradient = {matmul_gradient_left, matmul_gradient_right},
    .notation = InfixNotation{"@", "\\,", Precedence::product},
    .lowering = MatrixProduct{},
    .onnx = OnnxOperator{"MatMul"},
    .sample = {.domains = {{{-3, 3}}},
               .cases = matmul_cases,
               .conventions = {{"a sum of no products", "0"}}},
};

}  // namespace chainrule
