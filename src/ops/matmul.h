// The type rule of the matrix product, and the gradients that its forms have.
//
//     scalar @ anything     scaling            row @ vector      the dot product, a scalar
//     vector @ vector       the dot product    vector @ row      the outer product
//     matrix @ vector       a vector           row @ matrix      a row
//     vector @ matrix       a vector, as in NumPy
//     matrix @ matrix       a matrix
//
// A tensor of rank 3 and more is a stack of matrices; leading axes broadcast as in NumPy. A row has
// its place to the left only: matrix @ row and row @ row are errors.
#pragma once

#include "ops/shapes.h"

namespace chainrule {

// Throws ShapeError: "cannot multiply W1 [128, 784] @ x [128]: 784 columns against 128 rows".
Type matmul_shape(const ShapeCall& call);

// The meaning, for one example; `result` arrives with zeros in it.
void multiply_matrices(const ReferenceCall& call);

Expr matmul_gradient_left(const GradientCall& g);
Expr matmul_gradient_right(const GradientCall& g);

// Every combination of types.
std::vector<SampleCase> matmul_cases();

}  // namespace chainrule
