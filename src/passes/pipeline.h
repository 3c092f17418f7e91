// The table of contents of what happens to a graph, and the one runner of passes.
#pragma once

#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "ir/graph.h"

namespace chainrule {

struct Pass {
    std::string_view name;
    std::string_view summary;
    Graph (*run)(const Graph&);
};

// In the order in which they run: those that make a derivation readable, and those that make a
// computation fast.
std::span<const Pass> all_passes();
std::span<const Pass> speed_passes();

struct PipelineOptions {
    std::string last;            // stop after this pass; empty: run all
    std::set<std::string> skip;  // by name
    // Told after each pass: its result, whether it changed anything, and the seconds it took.
    std::function<void(const Pass&, const Graph&, bool changed, double seconds)> after = {};
};

// Runs the readable passes over a graph whose first output is the objective, or `passes` over any
// graph, verifying the graph after each. Throws UserError for a pass that does not exist,
// InternalError, naming the pass, for a broken graph.
Graph run_passes(const Graph& graph, const PipelineOptions& options);
Graph run_passes(const Graph& graph, std::span<const Pass> passes, const PipelineOptions& options);

}  // namespace chainrule
