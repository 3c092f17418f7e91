// Where a function first scales its argument by a constant, and the argument is a product, the
// product's early factor is scaled instead: in a loop over steps, the late one then waits for one
// multiplication less.
//
// Needs: products as balance_products leaves them, with the later factor second. Guarantees: the
// same values but for the rounding of the scaled argument. Only constants between 1/16 and 1 move:
// no early factor overflows, nor one that is not near the smallest normal number underflows.
//
//     before: z = early * late,   f(z) = ... fma(z, 0.7, c) ... z ...
//     after:  s = early * 0.7,    f(z, late, s) = ... fma(late, s, c) ... z ...
#pragma once

#include "compile/tensor_program.h"

namespace chainrule {

TensorProgram scale_early(const TensorProgram& program);

}  // namespace chainrule
