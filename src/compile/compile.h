// A graph to a plan: the road of the compiler from its passes to what a backend takes.
//
//     Plan plan = make_plan(graph, {.batch = 128, .updates = {{w, w_new}}});
#pragma once

#include "compile/options.h"
#include "compile/passes.h"
#include "compile/plan.h"

namespace chainrule {

// The graph's outputs, in order, are the plan's. Updates name nodes of `graph`, their values among
// its outputs. Throws UserError for an abstract function, which cannot be computed.
Plan make_plan(const Graph& graph, const CompileOptions& options,
               const PipelineOptions& pipeline = {});

// The last stages of that road: kernels, jobs and phases without a place in memory, and with it.
Plan fused_plan(Settled settled);
Plan with_memory(Plan plan);

}  // namespace chainrule
