#include "compile/picking.h"

#include <algorithm>

#include "passes/told_places.h"

namespace chainrule {

Picking picking_of(const Graph& graph, Layouts& layouts, NodeId id) {
    const Node& node = graph[id];
    const Layout own = row_major(id, node.type.shape);
    const Layout& operand = layouts.of(node.operands[0]);
    const auto* view = std::get_if<IndexedView>(&node.op->lowering);
    Picking result{.parts = view != nullptr ? own : operand,
                   .whole = view != nullptr ? operand : own,
                   .index = layouts.of(node.operands[1])};
    const auto [axis, places] = indexed_axis(graph, id);
    result.stride = result.whole.strides[axis];
    result.extent = places;

    const auto place = static_cast<std::ptrdiff_t>(axis);
    std::vector<std::int64_t>& strides = result.whole.strides;
    strides.erase(strides.begin() + place);
    strides.insert(strides.begin() + place, result.index.strides.size(), 0);
    std::vector<std::int64_t> of_index(result.parts.shape.size(), 0);
    std::ranges::copy(result.index.strides, of_index.begin() + place);
    result.index.strides = std::move(of_index);
    result.whole.shape = result.index.shape = result.parts.shape;
    return result;
}

}  // namespace chainrule
