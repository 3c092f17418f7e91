#include "train/accuracy.h"

#include <algorithm>
#include <cmath>

#include "ops/op_list.h"

namespace chainrule {
namespace {

// The value that `id` shows whole in another shape or under another name.
NodeId seen_through_views(const Graph& graph, NodeId id) {
    const auto shows_operand_whole = [&](const Node& node) {
        const bool moves = node.op->is_view() ||
                           std::holds_alternative<StridedPlacement>(node.op->lowering) ||
                           node.op == &gather_op;
        return moves &&
               element_count(node.type.shape) == element_count(graph.type(node.operands[0]).shape);
    };
    while (shows_operand_whole(graph[id])) {
        id = graph[id].operands[0];
    }
    return id;
}

// Whether the loss takes `output` as a logit.
bool is_logit(const Network& network, NodeId output) {
    const Graph& graph = network.graph;
    const NodeId value = seen_through_views(graph, output);
    const std::vector<NodeId> roots{network.loss};
    return std::ranges::any_of(reachable(graph, roots), [&](NodeId id) {
        const bool takes_logit =
            graph.is_op(id, binary_cross_entropy_with_logits_op) || graph.is_op(id, hinge_op);
        return takes_logit && seen_through_views(graph, graph[id].operands[0]) == value;
    });
}

bool are_binary(std::span<const double> targets) {
    return std::ranges::all_of(targets, [](double t) { return t == 0 || t == 1; });
}

bool are_signs(std::span<const double> targets) {
    return std::ranges::all_of(targets, [](double t) { return t == -1 || t == 1; });
}

bool are_one_hot(std::span<const double> targets, std::size_t size) {
    for (std::size_t row = 0; row < targets.size(); row += size) {
        const auto example = targets.subspan(row, size);
        if (!are_binary(example) || std::ranges::count(example, 1.0) != 1) {
            return false;
        }
    }
    return true;
}

std::size_t greatest(std::span<const double> values) {
    return static_cast<std::size_t>(std::ranges::max_element(values) - values.begin());
}

std::optional<AccuracyRule> rule_for(const Network& network, NodeId output, const Type& target,
                                     std::span<const double> targets) {
    using Kind = AccuracyRule::Kind;
    const Type& answer = network.graph.type(output);
    const std::int64_t size = element_count(answer.shape);
    const std::int64_t target_size = element_count(target.shape);
    if (target.is_scalar() && target.classes > 0 && answer.rank() == 1 && size == target.classes) {
        return AccuracyRule{Kind::label_of_vector, output, 0};
    }
    if (size == 1 && target_size == 1) {
        const bool logit = is_logit(network, output);
        if (target.classes == 2 || are_binary(targets) || (logit && are_signs(targets))) {
            return AccuracyRule{Kind::threshold, output, logit ? 0 : 0.5};
        }
    }
    if (answer.rank() == 1 && target.rank() == 1 && size > 1 && size == target_size &&
        are_one_hot(targets, static_cast<std::size_t>(size))) {
        return AccuracyRule{Kind::one_hot, output, 0};
    }
    return std::nullopt;
}

}  // namespace

bool AccuracyRule::is_right(std::span<const double> answer, std::span<const double> target) const {
    if (std::ranges::any_of(answer, [](double a) { return std::isnan(a); })) {
        return false;
    }
    switch (kind) {
    case Kind::label_of_vector:
        return static_cast<double>(greatest(answer)) == target[0];
    case Kind::threshold:
        return (answer[0] > threshold) == (target[0] > 0);
    case Kind::one_hot:
        return greatest(answer) == greatest(target);
    }
    throw InternalError("an accuracy rule of no kind");
}

std::optional<AccuracyRule> accuracy_rule(const Network& network, std::span<const double> targets) {
    if (network.targets.size() != 1 || targets.empty()) {
        return std::nullopt;
    }
    const Type& target = network.graph.type(network.targets[0]);
    for (const NodeId output : network.outputs) {
        if (auto rule = rule_for(network, output, target, targets)) {
            return rule;
        }
    }
    return std::nullopt;
}

}  // namespace chainrule
