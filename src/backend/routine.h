// An op computed by its reference in the middle of compiled code: blocks are read into tensors, and
// the result is written back.
#pragma once

#include <cstdint>
#include <vector>

#include "compile/plan.h"

namespace chainrule {

// For each of the rows first .. last - 1. `addresses` are those of the plan's buffers. Throws what
// the reference throws: an index outside of its axis.
void run_routine(const Plan& plan, const RoutinePlan& routine, const std::vector<void*>& addresses,
                 std::int64_t first, std::int64_t last);

}  // namespace chainrule
