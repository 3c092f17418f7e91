// Computes as it compiles what the steps of a tensor program make of constants alone; leaves out
// factors of 1 and steps that nothing needs.
//
// Needs: a tensor program. Guarantees: the same values, bit for bit.
//
//     before: t0 = 2, t1 = 0.5, t2 = (t0 * t1), t3 = (t2 * t9)
//     after:  t9 in the place of t3
#pragma once

#include "compile/tensor_program.h"

namespace chainrule {

TensorProgram fold_steps(const TensorProgram& program);

// The step computes operand 0 * operand 1, operand 0 + operand 1, operand 0 * operand 1 + operand
// 2, and nothing else.
bool is_product(const TensorStep& step);
bool is_sum(const TensorStep& step);
bool is_fused(const TensorStep& step);
bool is_one(const TensorStep& step);  // all of it

}  // namespace chainrule
