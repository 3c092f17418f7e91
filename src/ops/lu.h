// The LU decomposition with partial pivoting (Golub and Van Loan, Matrix Computations, 2013, 3.4):
// what the reference meanings of inverse and logdet compute with.
#pragma once

#include <vector>

#include "ir/tensor.h"

namespace chainrule {

// P A = L U: L below the diagonal of `factors` (its own diagonal is 1), U on and above it; row i of
// P A is row `order[i]` of A.
struct LuDecomposition {
    std::size_t rows = 0;
    std::vector<double> factors;
    std::vector<std::size_t> order;
    bool singular = false;  // a pivot is exactly 0

    double& operator()(std::size_t row, std::size_t column) { return factors[row * rows + column]; }
    double operator()(std::size_t row, std::size_t column) const {
        return factors[row * rows + column];
    }
};

LuDecomposition decompose(const Tensor& square);

// The x of A x = e_k, where e_k is the k-th unit vector; A must not be singular.
std::vector<double> solve_unit(const LuDecomposition& lu, std::size_t k);

}  // namespace chainrule
