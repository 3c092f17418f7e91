#include "passes/stable_losses.h"

#include <algorithm>
#include <optional>

#include "ops/build.h"
#include "passes/selection.h"
#include "passes/stable_rules.h"

namespace chainrule {
namespace {

std::vector<NodeId> moved_nodes(std::span<const NodeId> ids, const std::vector<NodeId>& moved) {
    std::vector<NodeId> now;
    for (const NodeId id : ids) {
        now.push_back(moved[id.index]);
    }
    return now;
}

// Appends also what it tries in vain.
class Stabiliser {
public:
    explicit Stabiliser(Graph& graph) : graph_(graph) {}

    std::vector<NodeId> run(std::span<const NodeId> roots) {
        std::vector<NodeId> moved(graph_.size());
        for (const NodeId id : reachable(graph_, roots)) {
            const Node& node = graph_[id];
            const std::vector<NodeId> operands = moved_nodes(node.operands, moved);
            const NodeId now =
                operands == node.operands ? id : graph_.add(*node.op, operands, node.attributes);
            moved[id.index] = stable(now).value_or(graph_.expr(now)).id;
            if (const Span origin = graph_.origin(id)) {
                graph_.set_origin(moved[id.index], origin);
            }
        }
        return moved_nodes(roots, moved);
    }

private:
    std::optional<Expr> stable(NodeId id) {
        if (!rules_.has_rule_for(*graph_[id].op)) {
            return std::nullopt;
        }
        const auto found = rules_.rewrite_root(graph_.expr(id));
        return found ? found : of_the_whole(id);
    }

    // log(softmax(z)[k]) is log(softmax(z))[k]: a softmax is of all elements, so the logarithm goes
    // inward.
    std::optional<Expr> of_the_whole(NodeId id) {
        const Node& node = graph_[id];
        if (!node.op->is_elementwise() || node.operands.size() != 1) {
            return std::nullopt;
        }
        const Selection operand = selection_of(graph_, node.operands[0]);
        if (operand.steps.empty()) {
            return std::nullopt;
        }
        const Expr whole = graph_.expr(graph_.add(*node.op, {operand.whole}, node.attributes));
        const auto found = rules_.rewrite_root(whole);
        return found ? std::optional(graph_.expr(selected(graph_, operand.steps, found->id)))
                     : std::nullopt;
    }

    Graph& graph_;
    const RewriteSet rules_{stable_rules(), Match::by_meaning};
};

}  // namespace

std::vector<NodeId> stabilised(Graph& graph, std::span<const NodeId> roots) {
    const std::size_t before = graph.size();
    Graph tried = graph;
    const std::vector<NodeId> found = Stabiliser(tried).run(roots);
    std::vector<NodeId> moved(tried.size());
    for (const NodeId id : reachable(tried, found)) {
        if (id.index < before) {
            moved[id.index] = id;
            continue;
        }
        const Node& node = tried[id];
        moved[id.index] = graph.add(*node.op, moved_nodes(node.operands, moved), node.attributes);
        if (const Span origin = tried.origin(id)) {
            graph.set_origin(moved[id.index], origin);
        }
    }
    return moved_nodes(found, moved);
}

}  // namespace chainrule
