// Puts in the place of composite ops what they are made of (the facet Expansion): softmax becomes a
// maximum, exponentials, their sum and a quotient, which fuse with what stands around them.
//
// Needs: no names but those of leaves (forget_names). Guarantees: no op with an Expansion is left;
// the same values but for rounding.
//
//     before: softmax(z)
//     after:  exp(z - max(z)) / sum(exp(z - max(z)))
#pragma once

#include "ir/graph.h"

namespace chainrule {

Graph expand(const Graph& graph);

}  // namespace chainrule
