// Multiplies in the order that makes the next step wait least: in a loop over steps, every product waits
// for its latest factor, and all others can be multiplied meanwhile.
//
// Needs: a tensor program. Guarantees: the same values but for rounding; as many multiplications.
//
//     before: ((((a2 - y) * a2) * (1 - a2)) * w2) * a1      a2 is known last
//     after:  ((a2 - y) * (a2 * (1 - a2))) * (w2 * a1)
#pragma once

#include "compile/tensor_program.h"

namespace chainrule {

TensorProgram balance_products(const TensorProgram& program);

}  // namespace chainrule
