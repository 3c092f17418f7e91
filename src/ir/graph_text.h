// The canonical text of a graph: one line per node, operands first, every attribute written out.
//
//     %0 = leaf(role="input", type=f64) "x" : f64
//     %1 = leaf(role="weight", type=f64) "w1" : f64
//     %2 = multiply(%0, %1) "z1" : f64
//     outputs %2
//
// Reading it back gives a graph with the same nodes, names and outputs.
#pragma once

#include <string>
#include <string_view>

#include "ir/graph.h"

namespace chainrule {

std::string print_graph(const Graph& graph);

// `find_op` finds an op by name. Throws UserError, naming the line, for a text that is no graph.
Graph parse_graph(std::string_view text, const Op* (*find_op)(std::string_view));

}  // namespace chainrule
