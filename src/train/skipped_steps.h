// Leaving out the steps that would make a NaN or an infinity (`on_nan = skip`).
//
// Runs of steps are taken as ever, without a look at each step. One that ends with a weight or a
// state of the optimiser that is not finite is undone and taken again step by step; each step that
// would make such a number is undone in turn, so that weights and states are as if its rows were
// not there. What is not finite never becomes finite again (train/descent.h), so that which steps
// are left out does not depend on where runs begin.
//
//     descent.run(rows, batch);
//     if (!descent.is_finite())
//         skipped += run_finite_steps(descent, weights, states, rows, batch);
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "train/descent.h"

namespace chainrule {

// From these weights and states, which become those at the end. How many steps were left out.
std::size_t run_finite_steps(Descent& descent, std::vector<Tensor>& weights,
                             std::vector<Tensor>& states, std::span<const std::size_t> rows,
                             std::size_t batch);

}  // namespace chainrule
