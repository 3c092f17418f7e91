// From a graph as it is built to one that is ready for a plan.
#pragma once

#include "compile/options.h"
#include "compile/settle.h"
#include "passes/pipeline.h"

namespace chainrule {

// Runs the speed passes (passes/pipeline.h) as `pipeline` says, then settles; the updates come back
// in the ids of the graph that comes back.
Settled run_speed_passes(const Graph& graph, const CompileOptions& options,
                         const PipelineOptions& pipeline = {});

}  // namespace chainrule
