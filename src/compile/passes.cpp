#include "compile/passes.h"

#include <algorithm>
#include <string>
#include <utility>

#include "passes/expand.h"
#include "passes/fold_constants.h"
#include "passes/forget_names.h"
#include "passes/recognise_contractions.h"
#include "passes/speed_rules.h"

namespace chainrule {
namespace {

struct SpeedPass {
    std::string_view name;
    Graph (*run)(const Graph&);
};
constexpr SpeedPass passes[] = {
    {"forget_names", forget_names},
    {"rewrite_for_speed", rewrite_for_speed},
    {"expand", expand},
    {"rewrite_for_speed", rewrite_for_speed},
    {"fold_constants", fold_constants},
    {"recognise_contractions", recognise_contractions},
};

}  // namespace

Settled run_speed_passes(const Graph& graph, const CompileOptions& options) {
    Graph now = graph;
    // The new values of states are told by their place among the outputs, which passes keep.
    std::vector<std::pair<std::string, std::size_t>> updates;
    for (const StateUpdate& update : options.updates) {
        const auto place = std::ranges::find(graph.outputs, update.value) - graph.outputs.begin();
        updates.emplace_back(graph.name(update.leaf), static_cast<std::size_t>(place));
    }
    for (const SpeedPass& pass : passes) {
        now = pass.run(now);
    }
    CompileOptions placed = options;
    placed.updates.clear();
    for (const auto& [leaf, output] : updates) {
        if (const auto found = now.find(leaf)) {
            placed.updates.push_back({*found, now.outputs[output]});
        }
    }
    return settle(now, placed);
}

}  // namespace chainrule
