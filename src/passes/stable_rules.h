// Losses of probabilities, computed from what goes into the sigmoid or the softmax that makes them. A
// sigmoid beyond 17 is 1 in single precision, so that log(1 - p) is infinite and the derivative of
// binary_cross_entropy(p, y) is 0 / 0, though the loss as a function of the logit is smooth there.
//
// The rules see through names, and through what only selects elements (an index, a slice, a reshape).
//
//     before: Loss = binary_cross_entropy(o[0], y), with o = sigmoid(z)
//     after:  binary_cross_entropy_with_logits(z[0], y)
//
// Source: the functions, as F.binary_cross_entropy_with_logits and F.log_softmax of PyTorch. Both sides
// are one function of x and y, whatever these are.
#pragma once

#include <span>
#include <vector>

#include "passes/rewrite.h"

namespace chainrule {

std::span<const Rewrite> stable_rules();

// The roots, or what stands for them: it is appended, and all nodes of the graph stay. A root that no rule
// concerns is itself.
std::vector<NodeId> stabilised(Graph& graph, std::span<const NodeId> roots);

}  // namespace chainrule
