// The `verified` stamp: every printed formula is parsed again, as a user would type it, and
// evaluated at random points: against reverse mode (or the node that it stands for), and the
// gradients against central differences. Abstract functions have smooth stand-ins (ops/apply.cpp).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "elaborate/network.h"
#include "explain/explanation.h"

namespace chainrule {

// A formula and the node of `graph` whose value it must have; without a node, the gradient of its
// group by reverse mode.
struct Claim {
    std::string text;
    NodeId means;
    std::size_t group = 0;  // the gradient that it belongs to
};

struct VerifyOptions {
    int points = 20;
    std::uint64_t seed = 0;
};

// `graph` holds the network's nodes under their names, and leaves for the cotangents' symbols,
// whose meaning is `symbols`. `objective` is derived by each of `wrt`, group i being the i-th. The
// result has one entry per group; one with 0 points says that no point was found at which the
// network is finite. Throws InternalError, naming the formula, when one does not parse or is wrong.
std::vector<Verification> verify(const Scope& scope, const Graph& graph, NodeId objective,
                                 const std::vector<NodeId>& wrt,
                                 const std::map<NodeId, NodeId>& symbols,
                                 const std::vector<Claim>& claims,
                                 const VerifyOptions& options = {});

// |a - b| against the larger of the two, and of 1e-3: 0 where they are equal, infinite where one is
// NaN.
double relative_error(const Tensor& a, const Tensor& b);

}  // namespace chainrule
