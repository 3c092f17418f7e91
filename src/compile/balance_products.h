// Multiplies and adds in the order that makes the next step wait least: in a loop over steps, every
// product waits for its latest factor, and all others can be multiplied meanwhile; a sum of
// products begins with the addend that is there before them.
//
// Needs: a tensor program. Guarantees: the same values but for rounding; as many multiplications,
// but for short shuffles of products, where the early factors are multiplied apart from the latest.
//
//     before: ((((a2 - y) * a2) * (1 - a2)) * w2) * a1      a2 is known last
//     after:  ((a2 - y) * (a2 * (1 - a2))) * (w2 * a1)
//
//     before: shuffle(g * delta) * x                        delta is known last
//     after:  (shuffle(g) * x) * shuffle(delta)
//
//     before: fma(w1, x1, w0 * x0) + b                      b is known first
//     after:  fma(w1, x1, fma(w0, x0, b))
#pragma once

#include "compile/tensor_program.h"

namespace chainrule {

TensorProgram balance_products(const TensorProgram& program);

}  // namespace chainrule
