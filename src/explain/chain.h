// The chain rule over the named equations: partials at each node, cotangents, gradients, updates,
// as nodes of one graph, before anything is simplified.
//
// Two ways to write a gradient. Where the equations on the way are scalars and the paths are few
// and short, it is written out: the sum over paths of the product of partials. Otherwise the
// reverse pass is shown one line per name, in cotangents that have names of their own (delta2 of
// z2): BP1-BP4 of a textbook.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "elaborate/network.h"
#include "explain/equations.h"

namespace chainrule {

// Beyond this a gradient is not written out.
inline constexpr double max_paths = 8;
inline constexpr std::size_t max_path_length = 16;

struct PartialNodes {
    NodeId d;
    NodeId by;
    NodeId expr;
    // The partial is no formula of its own (d and by are tensors, and more than elementwise lies
    // between): `expr` is the cotangent of d pulled back to `by`.
    bool pulls_back = false;
    std::string rule;  // the ops between, from d down
};
struct CotangentNodes {
    NodeId of;
    NodeId symbol;  // a leaf called delta2
    NodeId expr;
};
struct GradientNodes {
    NodeId of;
    double path_count = 0;
    std::vector<Path> paths;  // if they are few
    NodeId expr;
};

struct Chain {
    Graph graph;                // the network's graph, with the derivation added
    std::vector<NodeId> names;  // equations by whose names a value may be called; not the objective
    Equations equations;
    std::set<NodeId> active;
    bool written_out = false;
    std::map<std::pair<NodeId, NodeId>, PartialNodes> partials;  // by (d, by)
    std::vector<CotangentNodes> cotangents;                      // from the loss down
    std::vector<GradientNodes> gradients;                        // one per `wrt`
};

// The nodes that `names` call; all weights if there are none. Throws UserError, with the nearest
// name.
std::vector<NodeId> derive_by(const Network& network, const std::vector<std::string>& names);

// All leaves that the loss depends on and that can be derived by, for a chain over everything.
std::vector<NodeId> differentiable_leaves(const Network& network);

Chain chain_of(const Network& network, std::span<const NodeId> wrt);

}  // namespace chainrule
