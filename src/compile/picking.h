// The parts that an index picks from a whole along an axis (the facets IndexedView and
// IndexedPlacement).
//
//     gather(E, c)          whole E, parts the result
//     scatter_add(x, c)     whole the result, parts x
#pragma once

#include "compile/layout.h"

namespace chainrule {

struct Picking {
    Layout parts;
    // By the axes of the parts: those of the index stand in the place of the picked axis.
    Layout whole;  // at place 0 of that axis
    Layout index;
    std::int64_t stride = 0;  // from place to place in the whole
    std::int64_t extent = 0;  // places
};

Picking picking_of(const Graph& graph, Layouts& layouts, NodeId node);

}  // namespace chainrule
