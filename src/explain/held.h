// stop_gradient under finite differences: what it holds must stay where it is while a weight moves,
// or the differences would be those of another function than the one that is derived.
//
//     before: stop_gradient(w) * w
//     after:  held 1 * w             with `held 1` a leaf, to be given the value that w has
#pragma once

#include <vector>

#include "eval/evaluate.h"

namespace chainrule {

struct Held {
    NodeId objective;
    std::vector<NodeId> leaves;
    std::vector<NodeId> of;  // the value that each leaf is to be given

    // `point` with the leaves at the values that they have there.
    Bindings at(const Graph& graph, Bindings point) const;
};

// Adds the leaves to `graph`; `objective` itself where nothing is held.
Held hold_stopped(Graph& graph, NodeId objective);

}  // namespace chainrule
