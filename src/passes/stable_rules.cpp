#include "passes/stable_rules.h"

#include <algorithm>
#include <optional>

#include "ops/build.h"

namespace chainrule {
namespace {

constexpr std::string_view unsaturated = "unsaturated, rounding";

constexpr Rewrite stable_rewrites[] = {
    // Written out, the sigmoid divides infinity by infinity.
    {"1 / (1 + exp(-x)) = sigmoid(x)", unsaturated},
    {"1 / (exp(-x) + 1) = sigmoid(x)", unsaturated},
    {"exp(x) / (1 + exp(x)) = sigmoid(x)", unsaturated},
    {"exp(x) / (exp(x) + 1) = sigmoid(x)", unsaturated},
    // The logarithm of what has rounded to 0.
    {"log(sigmoid(x)) = logsigmoid(x)", unsaturated},
    {"log(1 - sigmoid(x)) = logsigmoid(-x)", unsaturated},
    {"log1p(-sigmoid(x)) = logsigmoid(-x)", unsaturated},
    {"log(softmax(x)) = log_softmax(x)", unsaturated},
    {"binary_cross_entropy(sigmoid(x), y) = binary_cross_entropy_with_logits(x, y)", unsaturated},
    {"binary_cross_entropy(1 - sigmoid(x), y) = binary_cross_entropy_with_logits(-x, y)",
     unsaturated},
};

// An operand behind what only selects its elements, the last selection first.
struct Selected {
    NodeId whole;
    std::vector<NodeId> selections;
};

class Stabiliser {
public:
    explicit Stabiliser(Graph& graph) : graph_(graph) {}

    std::vector<NodeId> run(std::span<const NodeId> roots) {
        std::vector<NodeId> moved(graph_.size());
        for (const NodeId id : reachable(graph_, roots)) {
            std::vector<NodeId> operands;
            for (const NodeId operand : graph_[id].operands) {
                operands.push_back(moved[operand.index]);
            }
            const NodeId copy = with_operands(id, operands);
            moved[id.index] = stable(copy).value_or(graph_.expr(copy)).id;
            if (const Span origin = graph_.origin(id)) {
                graph_.set_origin(moved[id.index], origin);
            }
        }
        std::vector<NodeId> now;
        for (const NodeId root : roots) {
            now.push_back(moved[root.index]);
        }
        return now;
    }

private:
    // The node itself where the operands are its own.
    NodeId with_operands(NodeId id, const std::vector<NodeId>& operands) {
        const Node& node = graph_[id];
        return operands == node.operands ? id : graph_.add(*node.op, operands, node.attributes);
    }

    std::optional<Expr> stable(NodeId id) {
        if (!rules_.has_rule_for(*graph_[id].op)) {
            return std::nullopt;
        }
        if (const auto found = rules_.rewrite_root(graph_.expr(id))) {
            return found;
        }
        const auto found = of_the_whole(id);
        return found ? found : of_the_part(id);
    }

    // log(softmax(z)[k]) is log(softmax(z))[k].
    std::optional<Expr> of_the_whole(NodeId id) {
        const Node& node = graph_[id];
        if (!node.op->is_elementwise() || node.operands.size() != 1) {
            return std::nullopt;
        }
        const Selected operand = behind_selections(node.operands[0]);
        if (operand.selections.empty()) {
            return std::nullopt;
        }
        const auto found = rules_.rewrite_root(graph_.expr(with_operands(id, {operand.whole})));
        return found ? std::optional(graph_.expr(selected(operand.selections, found->id)))
                     : std::nullopt;
    }

    // sigmoid(z)[k] is sigmoid(z[k]), also where it is subtracted from 1.
    std::optional<Expr> of_the_part(NodeId id) {
        std::vector<NodeId> operands;
        for (const NodeId operand : graph_[id].operands) {
            const NodeId meant = behind_aliases(operand);
            std::vector<NodeId> parts;
            for (const NodeId part : graph_[meant].operands) {
                parts.push_back(graph_[meant].op->is_elementwise() ? sigmoid_of_part(part) : part);
            }
            operands.push_back(parts == graph_[meant].operands ? sigmoid_of_part(operand)
                                                               : with_operands(meant, parts));
        }
        const NodeId now = with_operands(id, operands);
        return now == id ? std::nullopt : rules_.rewrite_root(graph_.expr(now));
    }

    // The value itself where it is no part of a sigmoid.
    NodeId sigmoid_of_part(NodeId id) {
        const Selected part = behind_selections(id);
        const NodeId whole = behind_aliases(part.whole);
        return part.selections.empty() || !graph_.is_op(whole, sigmoid_op)
                   ? id
                   : with_operands(whole, {selected(part.selections, graph_[whole].operands[0])});
    }

    NodeId behind_aliases(NodeId id) const {
        while (graph_.is_op(id, identity_op)) {
            id = graph_[id].operands[0];
        }
        return id;
    }

    Selected behind_selections(NodeId id) const {
        Selected found{id, {}};
        while (graph_[found.whole].op->is_view() || graph_.is_op(found.whole, gather_op)) {
            if (!graph_.is_op(found.whole, identity_op)) {
                found.selections.push_back(found.whole);
            }
            found.whole = graph_[found.whole].operands[0];
        }
        return found;
    }

    NodeId selected(const std::vector<NodeId>& selections, NodeId whole) {
        for (auto selection = selections.rbegin(); selection != selections.rend(); ++selection) {
            std::vector<NodeId> operands = graph_[*selection].operands;
            operands[0] = whole;
            whole = with_operands(*selection, operands);
        }
        return whole;
    }

    Graph& graph_;
    const RewriteSet rules_{stable_rewrites, Named::seen_through};
};

}  // namespace

std::span<const Rewrite> stable_rules() { return stable_rewrites; }

std::vector<NodeId> stabilised(Graph& graph, std::span<const NodeId> roots) {
    Graph made = graph;
    std::vector<NodeId> now = Stabiliser(made).run(roots);
    if (!std::ranges::equal(now, roots)) {
        graph = std::move(made);
    }
    return now;
}

}  // namespace chainrule
