// What only selects elements: an index, a slice, a reshape, or any other view.
#pragma once

#include <vector>

#include "ir/graph.h"

namespace chainrule {

struct Selection {
    NodeId whole;               // no selection and no alias
    std::vector<NodeId> steps;  // from the value inward; none where the value is the whole
};

Selection selection_of(const Graph& graph, NodeId id);

// The same elements of another whole of that shape.
NodeId selected(Graph& graph, const std::vector<NodeId>& steps, NodeId whole);

// f(a[k], b[k]) of f(a, b)[k], where f is elementwise. A literal, equal in all places, stays one.
NodeId selected_operands(Graph& graph, NodeId id);

}  // namespace chainrule
