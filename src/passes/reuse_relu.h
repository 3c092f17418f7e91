// Asks the sign of relu(x) where x is compared with 0, so that only relu(x) has to be kept until
// the gradient needs it.
//
// Needs: nothing. Guarantees: the same values; NaN compares as before.
//
//     before: where(z <= 0, 0, dy), with relu(z) in the graph
//     after:  where(relu(z) <= 0, 0, dy)
#pragma once

#include "ir/graph.h"

namespace chainrule {

Graph reuse_relu(const Graph& graph);

}  // namespace chainrule
