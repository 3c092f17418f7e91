// Forgets the names of everything but leaves: for the compiler, equal values are one value, whoever
// named them, and an alias is what it stands for.
//
// Needs: nothing. Guarantees: the same outputs, to the bit; no anonymous node equals another.
//
//     before: %2 = multiply(%0, %1) "z1"    %3 = multiply(%0, %1)    %4 = identity(%2) "a"
//     after:  %2 = multiply(%0, %1)
#pragma once

#include "ir/graph.h"

namespace chainrule {

Graph forget_names(const Graph& graph);

}  // namespace chainrule
