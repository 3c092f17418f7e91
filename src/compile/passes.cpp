#include "compile/passes.h"

#include <algorithm>
#include <string>
#include <utility>

namespace chainrule {

Settled run_speed_passes(const Graph& graph, const CompileOptions& options,
                         const PipelineOptions& pipeline) {
    // The new values of states are told by their place among the outputs, which passes keep.
    std::vector<std::pair<std::string, std::size_t>> updates;
    for (const StateUpdate& update : options.updates) {
        const auto place = std::ranges::find(graph.outputs, update.value) - graph.outputs.begin();
        updates.emplace_back(graph.name(update.leaf), static_cast<std::size_t>(place));
    }
    const Graph fast = run_passes(graph, speed_passes(), pipeline);
    CompileOptions placed = options;
    placed.updates.clear();
    for (const auto& [leaf, output] : updates) {
        if (const auto found = fast.find(leaf)) {
            placed.updates.push_back({*found, fast.outputs[output]});
        }
    }
    return settle(fast, placed);
}

}  // namespace chainrule
