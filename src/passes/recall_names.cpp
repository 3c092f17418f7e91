#include "passes/recall_names.h"

#include <algorithm>
#include <unordered_map>

#include "ops/build.h"
#include "passes/rebuild.h"

namespace chainrule {

Graph recall_names(const Graph& graph, const std::vector<Definition>& definitions) {
    std::unordered_map<NodeId, NodeId> name_of;
    for (const auto& [body, named] : definitions) {
        // A number is not read better under a name, and a name needs no other.
        if (!graph.is_named(body) && !literal_value(graph, body)) {
            name_of.emplace(body, named);
        }
    }
    return rebuild(graph, [&](const RebuildStep& step) {
        const auto named = name_of.find(step.id);
        if (named != name_of.end()) {
            // The named node may come later in the old graph than its body, but not its operands.
            if (const auto id = step.to.find(graph.name(named->second))) {
                return step.to.expr(*id);
            }
        }
        return step.copy();
    });
}

}  // namespace chainrule
