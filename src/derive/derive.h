// The reverse pass: gradients as more nodes of the same graph, and a record of how they came about.
//
//     dL/dx = sum over the users u of x of (dL/du pulled back through u)
//
// Every node is visited once, so the gradient of a graph is linear in its size; and since the
// result is nodes, deriving again gives second derivatives and Hessian-vector products.
//
// A shared value that per-example values use gets their contributions through one batch_sum. What
// `where` has masked stays masked: the mask travels with the cotangent through elementwise rules,
// which are linear in it, so that the gradient of where(x > 0, log(x), 0) is where(x > 0, dy / x,
// 0) and not where(x > 0, dy, 0) / x, which would be NaN at 0.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "ir/graph.h"

namespace chainrule {

struct Contribution {
    std::size_t operand;  // of the step's node
    NodeId to;            // that operand
    NodeId value;         // what the node's rule sends there, in the shape of `to`
};
struct DerivationStep {
    NodeId node;
    NodeId cotangent;  // the sum of what its users have sent
    std::vector<Contribution> contributions;
};
struct Derivation {
    std::vector<Expr> gradients;  // one per `wrt`, in its type; zeros where y does not depend on it
    std::vector<DerivationStep> steps;  // in the order of the reverse pass
};

// Pulls `dy`, the cotangent of y, back to each of `wrt`. Nodes for which `held` says yes count as
// given values: the pass does not go through them (y itself excepted). An operand by which its op
// has no derivative (a condition, an index) is sent nothing. Throws UserError for a `wrt` of whole
// numbers, UnsupportedError for the second derivative of an abstract function of tensors.
Derivation pull_back(Graph& graph, NodeId y, Expr dy, std::span<const NodeId> wrt,
                     const std::function<bool(NodeId)>& held = {});

// The gradients of a scalar `y`: pull_back with dy = 1.
Derivation derive(Graph& graph, NodeId y, std::span<const NodeId> wrt);

// Appends the gradients with respect to `wrt` to the graph's outputs, of which the first is
// derived.
Graph with_gradients(const Graph& graph, std::span<const NodeId> wrt);

}  // namespace chainrule
