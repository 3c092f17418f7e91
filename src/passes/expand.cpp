#include "passes/expand.h"

#include <optional>
#include <variant>

#include "lang/overloaded.h"
#include "passes/rebuild.h"

namespace chainrule {
namespace {

std::optional<Expr> expansion_of(const RebuildStep& step) {
    const Node& node = step.node();
    const auto of_known_places = [&](const auto& indexed) -> std::optional<Expr> {
        return indexed.expansion == nullptr ? std::nullopt
                                            : indexed.expansion(step.operands, node.attributes);
    };
    return std::visit(
        Overloaded{[&](Expansion expansion) -> std::optional<Expr> {
                       return expansion(step.operands, node.attributes);
                   },
                   [&](const IndexedView& view) { return of_known_places(view); },
                   [&](const IndexedPlacement& placement) { return of_known_places(placement); },
                   [](const auto&) -> std::optional<Expr> { return std::nullopt; }},
        node.op->lowering);
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
