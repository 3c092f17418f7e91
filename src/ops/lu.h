// The LU decomposition with partial pivoting (Golub and Van Loan, Matrix Computations, 2013, 3.4):
// what inverse and logdet compute with. In place, in memory of the caller's.
#pragma once

#include <cstddef>
#include <span>

namespace chainrule {

// Row-major.
struct MatrixSpan {
    std::span<double> elements;
    std::size_t columns = 0;

    double& operator()(std::size_t row, std::size_t column) const {
        return elements[row * columns + column];
    }
};

// P A = L U in the place of the square matrix A: L below the diagonal (its own diagonal is 1), U on
// and above it. `right`, of as many rows or none, becomes P right. False where a pivot is exactly
// 0.
bool decompose(MatrixSpan a, MatrixSpan right);

// The X of L U X = B in the place of B, column by column; no pivot is 0.
void solve(MatrixSpan lu, MatrixSpan b);

}  // namespace chainrule
