// The value graph as TensorBoard's graph tab shows it: the bytes of a GraphDef
// (tensorflow/core/framework/graph.proto).
//
// A node's name is its name in the network, `.` turned into `/`, so that what a layer owns is one
// box. An anonymous node goes into the box of the named node that it was first made for: in `z = W
// @ x + b` the product is `z/matmul`. Every node has its op, its operands, its shape (a per-example
// node with an open first dimension) and its attributes; an equation has its formula too.
//
//     std::string bytes = graph_def(network.graph, {network.objective});
#pragma once

#include <span>
#include <string>

#include "ir/graph.h"

namespace chainrule {

// What the roots need.
std::string graph_def(const Graph& graph, std::span<const NodeId> roots);

}  // namespace chainrule
