// A loop nest in the making: the items of one round that are computed together.
#pragma once

#include <vector>

#include "compile/schedule.h"

namespace chainrule {

struct NestDraft {
    Shape shape;                // that the loops run over, rows excluded, axes of one element too
    std::vector<bool> reduced;  // per axis of `shape`; empty: no fold yet
    std::vector<Item> items;    // ascending by node
    bool is_shared = true;      // others of the same shape may join

    bool holds(NodeId node) const;
};

// The shape that an item's loops run over, and the axes that it folds.
struct ItemLoops {
    Shape shape;
    std::vector<bool> reduced;
    bool alone = false;  // a product or placement: loops of its own
};
ItemLoops loops_of(const Graph& graph, const Item& item, const RowDomain& domain);

// A shape or strides without the row axis of a job over rows, and without axes of one element.
std::vector<std::int64_t> without_unit_axes(const std::vector<std::int64_t>& values,
                                            const Shape& shape, bool has_row_axis);

// The items, which are of one round of one job, as nests in order.
std::vector<NestDraft> draft_nests(const Graph& graph, Layouts& layouts,
                                   const CompileOptions& options, const RowDomain& domain,
                                   const std::vector<Item>& items);

}  // namespace chainrule
