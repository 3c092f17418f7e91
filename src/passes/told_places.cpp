#include "passes/told_places.h"

#include <algorithm>
#include <vector>

#include "passes/selection.h"

namespace chainrule {

IndexedAxis indexed_axis(const Graph& graph, NodeId id) {
    const Node& node = graph[id];
    const std::vector<Type> types{graph.type(node.operands[0]), graph.type(node.operands[1])};
    const PlacesCall call{types, node.attributes, node.type, 0};
    if (const auto* view = std::get_if<IndexedView>(&node.op->lowering)) {
        const std::size_t axis = view->axis(call);
        return {axis, types[0].shape[axis]};
    }
    const std::size_t axis = std::get<IndexedPlacement>(node.op->lowering).axis(call);
    return {axis, node.type.shape[axis]};
}

std::optional<std::int64_t> places_told_by(const Graph& graph, NodeId leaf) {
    std::optional<std::int64_t> fewest;
    for (std::uint32_t i = 0; i < graph.size(); ++i) {
        const NodeId id{i};
        const Node& node = graph[id];
        if (node.op->is_indexed() && selection_of(graph, node.operands[1]).whole == leaf) {
            const std::int64_t places = indexed_axis(graph, id).places;
            fewest = std::min(fewest.value_or(places), places);
        }
    }
    return fewest;
}

}  // namespace chainrule
