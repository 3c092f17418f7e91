// Makes formulas read like a textbook's: the readable rewrites and the ordering of terms, in turn,
// until nothing changes.
//
// Needs: nothing. Guarantees: the same values wherever the assumptions of the rewrites used hold
// (readable_rules.cpp states them); named nodes keep their definitions.
//
//     before: 1 * (1/2 * (2 * (a - y) ^ (2 - 1)))
//     after:  a - y
#pragma once

#include "ir/graph.h"

namespace chainrule {

Graph simplify(const Graph& graph);

}  // namespace chainrule
