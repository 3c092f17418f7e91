// Losses of probabilities, computed from what goes into the sigmoid or the softmax that makes them.
// A sigmoid beyond 17 is 1 in single precision, so that log(1 - p) is infinite and the derivative
// of binary_cross_entropy(p, y) is 0 / 0, though the loss as a function of the logit is smooth
// there.
//
//     before: Loss = binary_cross_entropy((1 - o)[0], y), with o = sigmoid(z)
//     after:  binary_cross_entropy_with_logits(-z[0], y)
//
// The identities (passes/stable_rules.h) see through names, and through what only selects elements
// (an index, a slice, a reshape), which changes places with every elementwise op on its way.
#pragma once

#include <span>
#include <vector>

#include "ir/graph.h"

namespace chainrule {

// The roots, or what stands for them: it is appended, and all nodes of the graph stay. A root that
// no rule concerns is itself.
std::vector<NodeId> stabilised(Graph& graph, std::span<const NodeId> roots);

}  // namespace chainrule
