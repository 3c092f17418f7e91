// Puts a name where the value of a named equation is computed again: "in forward values".
//
// Needs: `definitions`, each an anonymous node and the named node whose value it computes; they and
// the named nodes are among the outputs. Guarantees: the same values.
//
//     before: sigmoid(z) * (1 - sigmoid(z))      with a = sigmoid(z)
//     after:  a * (1 - a)
#pragma once

#include <utility>
#include <vector>

#include "ir/graph.h"

namespace chainrule {

struct Definition {
    NodeId body;
    NodeId named;
};

Graph recall_names(const Graph& graph, const std::vector<Definition>& definitions);

}  // namespace chainrule
