// The passes that every compiled graph goes through, as one list.
#pragma once

#include "compile/options.h"
#include "compile/settle.h"

namespace chainrule {

// The graph expanded, simplified and settled; its updates in its own ids.
Settled run_speed_passes(const Graph& graph, const CompileOptions& options);

}  // namespace chainrule
