// Whether a stage of the compiler keeps the values: its graph or plan evaluated at random numbers
// before and after. What differs names the guilty one.
#pragma once

#include <span>
#include <string>

#include "compile/options.h"
#include "compile/plan.h"
#include "compile/tensor_program.h"

namespace chainrule {

// InternalError, naming the pass, where an output of the two graphs differs by more than the
// rounding of the one before. Leaves correspond by name; they are drawn twice, in 0.1 .. 0.9 and so
// small that no sigmoid saturates, because at what saturates rounding may be all that there is.
void check_same_values(const Graph& before, const Graph& after, const std::string& pass);

// The same for losses that are computed in another way than written, by identities that hold where
// no sigmoid or softmax saturates (`unsaturated` in passes/rewrite.h). So the leaves are drawn
// small, and what is not finite as written is no measure.
void check_same_losses(const Graph& written, const Graph& computed, const std::string& pass);

// The same for a plan, compiled and run, against the graph by reference. It runs in double
// precision or single, as the plan says.
void check_plan(const Graph& graph, const Plan& plan);

// The same for a whole loop, compiled and run for one step: what it makes of the leaves of
// `updates`.
void check_loop(const Graph& graph, std::span<const StateUpdate> updates,
                const TensorProgram& loop);

}  // namespace chainrule
