// An op that is a function of this program (the facet Routine) in the middle of compiled code: a
// block is copied into memory of double precision, and the result is copied back.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compile/plan.h"

namespace chainrule {

// How many numbers a run needs memory for.
std::size_t memory_of(const Plan& plan, const RoutinePlan& routine);

// For each of the rows first .. last - 1. `addresses` are those of the plan's buffers.
void run_routine(const Plan& plan, const RoutinePlan& routine, const std::vector<void*>& addresses,
                 std::int64_t first, std::int64_t last, std::span<double> memory);

}  // namespace chainrule
