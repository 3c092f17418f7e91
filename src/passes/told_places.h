// Places along an axis that are data: gather(E, c).
#pragma once

#include <cstdint>
#include <optional>

#include "ir/graph.h"

namespace chainrule {

// Of an indexed node: the axis of operand 0 that it takes from, or of its own that it adds to, and
// how many places that has.
struct IndexedAxis {
    std::size_t axis;
    std::int64_t places;
};
IndexedAxis indexed_axis(const Graph& graph, NodeId id);

// Of a leaf of numbers that tell places: how many there are, the fewest of all its uses. Nothing of
// another leaf.
std::optional<std::int64_t> places_told_by(const Graph& graph, NodeId leaf);

}  // namespace chainrule
