// Whether a stage of the compiler keeps the values: its graph or plan evaluated at random numbers before
// and after. What differs names the guilty one.
#pragma once

#include <string>

#include "compile/plan.h"

namespace chainrule {

// InternalError, naming the pass, where an output of the two graphs differs by more than rounding. Leaves
// correspond by name.
void check_same_values(const Graph& before, const Graph& after, const std::string& pass);

// The same for a plan, compiled and run, against the graph by reference. It runs in double precision or
// single, as the plan says.
void check_plan(const Graph& graph, const Plan& plan);

}  // namespace chainrule
