// A schedule to a plan: the items of each job and round become loop nests, as few as the shapes and
// the sums between them allow, and values get memory only where another nest, job or action needs
// them.
//
//     before: e = exp(z - top)    s = sum(e)    y = e / s      (z, e, y: [10])
//     after:  for i: top = max(z[i])
//             for i: e[i] = exp(z[i] - top), s += e[i]
//             for i: y[i] = e[i] / s
#pragma once

#include "compile/plan.h"
#include "compile/schedule.h"

namespace chainrule {

// The phases, jobs and buffers of `plan`, whose leaves and buffers are still without a place.
void fuse(const Graph& graph, Layouts& layouts, const Schedule& schedule,
          const CompileOptions& options, Plan& plan);

}  // namespace chainrule
