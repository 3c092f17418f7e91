// Derivatives that a formula asks for: g'(z), D(f, 1)(a, b), dA/dB.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "ir/graph.h"

namespace chainrule {

// Whether y depends on x without passing through nodes for which `held` says yes (y excepted).
bool depends_on(const Graph& graph, NodeId y, NodeId x, const std::function<bool(NodeId)>& held);

// dy/dx, with the nodes for which `held` says yes held fixed: of a scalar y in the shape of x, of a
// tensor element by element. Nothing if it is neither: a Jacobian matrix.
std::optional<NodeId> derivative(Graph& graph, NodeId y, NodeId x,
                                 const std::function<bool(NodeId)>& held = {});

// `root` with nodes put in place of others.
NodeId substitute(Graph& graph, NodeId root, const std::map<NodeId, NodeId>& replacements);

}  // namespace chainrule
