#include "passes/expand.h"

#include <algorithm>

#include "passes/rebuild.h"

namespace chainrule {
namespace {

const Expansion* expansion_of(const Node& node) {
    return std::get_if<Expansion>(&node.op->lowering);
}

Expr expanded_step(const RebuildStep& step) {
    const Expansion* expansion = expansion_of(step.node());
    return expansion == nullptr
               ? step.copy()
               : fitted((*expansion)(step.operands, step.node().attributes), step.node().type);
}

bool has_expansions(const Graph& graph) {
    const auto nodes = reachable(graph, graph.outputs);
    return std::ranges::any_of(nodes,
                               [&](NodeId id) { return expansion_of(graph[id]) != nullptr; });
}

}  // namespace

Graph expand(const Graph& graph) {
    Graph now = graph;
    // An expansion may use composite ops in its turn.
    while (has_expansions(now)) {
        now = rebuild(now, expanded_step);
    }
    return now;
}

}  // namespace chainrule
