#include "compile/picking.h"

#include <algorithm>

namespace chainrule {

Picking picking_of(const Graph& graph, Layouts& layouts, NodeId id) {
    const Node& node = graph[id];
    const Layout own = row_major(id, node.type.shape);
    const Layout& operand = layouts.of(node.operands[0]);
    const auto* view = std::get_if<IndexedView>(&node.op->lowering);
    Picking result{.parts = view != nullptr ? own : operand,
                   .whole = view != nullptr ? operand : own,
                   .index = layouts.of(node.operands[1])};
    const std::vector<Type> types{graph.type(node.operands[0]), graph.type(node.operands[1])};
    const auto rule =
        view != nullptr ? view->axis : std::get<IndexedPlacement>(node.op->lowering).axis;
    const std::size_t axis = rule({types, node.attributes, node.type, 0});
    result.stride = result.whole.strides[axis];
    result.extent = result.whole.shape[axis];

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
