// Gives every buffer of the arena its place. Two buffers share memory where no phase needs both.
//
// Needs: the phases and buffers of a plan. Guarantees: `place` of each buffer and `arena_size`, in
// elements; each begins at a multiple of 64 bytes; what one phase reads or writes does not overlap.
//
//     before: z1 [128 rows of 784], needed in phase 0    p [1000], needed in phase 1
//     after:  both at 0
#pragma once

#include "compile/plan.h"

namespace chainrule {

void plan_memory(Plan& plan);

}  // namespace chainrule
