// The network as its named equations see each other: which names an equation uses, which equations
// use a name, and the paths along which a change travels to the objective.
#pragma once

#include <map>
#include <set>
#include <span>
#include <vector>

#include "ir/graph.h"

namespace chainrule {

struct Equations {
    NodeId objective;
    std::vector<NodeId> order;  // what the objective needs, leaves too, ascending
    std::map<NodeId, std::vector<NodeId>>
        operands;  // names that an equation uses, as they stand in it
    std::map<NodeId, std::vector<NodeId>> users;  // equations that use a name, ascending
};

Equations equations_of(const Graph& graph, NodeId objective);

// The names through which the objective depends on one of `wrt` (these included).
std::set<NodeId> between(const Equations& equations, std::span<const NodeId> wrt);

// The number of paths from the objective down to each name, and the length of the longest one.
struct PathCount {
    double paths = 0;
    std::size_t longest = 0;
};
std::map<NodeId, PathCount> count_paths(const Equations& equations);

// A path as the names on it, from the objective down to `to`.
using Path = std::vector<NodeId>;
std::vector<Path> paths_to(const Equations& equations, NodeId to);

}  // namespace chainrule
