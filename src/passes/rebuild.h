// The walk that passes share: copies what the outputs need into a new graph, operands first, and
// lets `make` put something else in the place of an anonymous node.
//
// Named nodes keep name, identity and origin; a call as it was written is carried over. What `make`
// returns must have the type of the node it stands for.
#pragma once

#include <functional>
#include <vector>

#include "ir/graph.h"

namespace chainrule {

struct RebuildStep {
    const Graph& from;
    NodeId id;  // in `from`, anonymous
    Graph& to;
    std::vector<Expr> operands;  // in `to`

    const Node& node() const { return from[id]; }
    // The node as it was, on the new operands.
    Expr copy() const;
};

using MakeNode = std::function<Expr(const RebuildStep&)>;
Graph rebuild(const Graph& graph, const MakeNode& make);
// The same in a given order, which holds all that the outputs need, operands before their users.
Graph rebuild(const Graph& graph, std::span<const NodeId> order, const MakeNode& make);

// The graph without the nodes that no output needs.
Graph without_unused(const Graph& graph);

// `value` broadcast to `type`, and handed to every example if that is: what stands for a node must
// have the node's type.
Expr fitted(Expr value, const Type& type);

// Same nodes, names and outputs.
bool same(const Graph& a, const Graph& b);

}  // namespace chainrule
