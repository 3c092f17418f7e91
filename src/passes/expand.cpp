#include "passes/expand.h"

#include <optional>

#include "passes/rebuild.h"

namespace chainrule {
namespace {

std::optional<Expr> expansion_of(const RebuildStep& step) {
    const Node& node = step.node();
    if (const auto* expansion = std::get_if<Expansion>(&node.op->lowering)) {
        return (*expansion)(step.operands, node.attributes);
    }
    const auto* reference = std::get_if<ByReference>(&node.op->lowering);
    if (reference != nullptr && reference->expansion != nullptr) {
        return reference->expansion(step.operands, node.attributes);
    }
    return std::nullopt;
}

}  // namespace

Graph expand(const Graph& graph) {
    Graph now = graph;
    // An expansion may use composite ops in its turn.
    for (bool any = true; any;) {
        any = false;
        now = rebuild(now, [&](const RebuildStep& step) {
            const std::optional<Expr> expansion = expansion_of(step);
            any |= expansion.has_value();
            return expansion ? fitted(*expansion, step.node().type) : step.copy();
        });
    }
    return now;
}

}  // namespace chainrule
