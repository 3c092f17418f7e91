// Computes what depends on no leaf, by reference: eye(3), [1, 2] + 1.
//
// Needs: no names but those of leaves. Guarantees: the same values; a broadcast of a constant stays
// one, so that no large tensor of equal numbers is made.
//
//     before: sqrt(2) * x
//     after:  1.4142135623730951 * x
#pragma once

#include "ir/graph.h"

namespace chainrule {

Graph fold_constants(const Graph& graph);

}  // namespace chainrule
