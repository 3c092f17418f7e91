#include "passes/recall_names.h"

#include <unordered_map>

#include "ops/build.h"
#include "passes/rebuild.h"

namespace chainrule {
namespace {

// What the named nodes need comes first, so that the names are there for all the rest.
std::vector<NodeId> names_first(const Graph& graph, const std::vector<NodeId>& named) {
    std::vector<NodeId> order = reachable(graph, named);
    std::vector<bool> placed(graph.size(), false);
    for (const NodeId id : order) {
        placed[id.index] = true;
    }
    for (const NodeId id : reachable(graph, graph.outputs)) {
        if (!placed[id.index]) {
            order.push_back(id);
        }
    }
    return order;
}

}  // namespace

Graph recall_names(const Graph& graph, const std::vector<Definition>& definitions) {
    std::unordered_map<NodeId, NodeId> name_of;
    std::vector<NodeId> named_nodes;
    for (const auto& [body, named] : definitions) {
        named_nodes.push_back(named);
        // A number is not read better under a name, and a name needs no other.
        if (!graph.is_named(body) && !literal_value(graph, body)) {
            name_of.emplace(body, named);
        }
    }
    return rebuild(graph, names_first(graph, named_nodes), [&](const RebuildStep& step) {
        const auto named = name_of.find(step.id);
        const auto id =
            named == name_of.end() ? std::nullopt : step.to.find(graph.name(named->second));
        return id ? step.to.expr(*id) : step.copy();
    });
}

}  // namespace chainrule
