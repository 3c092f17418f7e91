#include "train/answer_rule.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>

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

// Whether the loss takes `output` as the first operand of one of `ops`.
bool loss_takes(const Network& network, NodeId output, std::initializer_list<const Op*> ops) {
    const Graph& graph = network.graph;
    const NodeId value = seen_through_views(graph, output);
    const std::vector<NodeId> roots{network.loss};
    return std::ranges::any_of(reachable(graph, roots), [&](NodeId id) {
        return std::ranges::find(ops, graph[id].op) != ops.end() &&
               seen_through_views(graph, graph[id].operands[0]) == value;
    });
}

AnswerRule::Meaning meaning_of_number(const Network& network, NodeId output) {
    using Meaning = AnswerRule::Meaning;
    if (loss_takes(network, output, {&binary_cross_entropy_with_logits_op})) {
        return Meaning::logit;
    }
    const bool is_sigmoid =
        network.graph[seen_through_views(network.graph, output)].op == &sigmoid_op;
    return is_sigmoid || loss_takes(network, output, {&binary_cross_entropy_op})
               ? Meaning::probability
               : Meaning::score;
}

AnswerRule::Meaning meaning_of_vector(const Network& network, NodeId output) {
    using Meaning = AnswerRule::Meaning;
    const Op* const op = network.graph[seen_through_views(network.graph, output)].op;
    if (op == &softmax_op) {
        return Meaning::probability;
    }
    // The softmax of what log_softmax gives is the probability again.
    const bool is_logit =
        op == &log_softmax_op ||
        loss_takes(network, output, {&softmax_op, &log_softmax_op, &cross_entropy_op});
    return is_logit ? Meaning::logit : Meaning::score;
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

// Of a target of that kind.
std::size_t class_in(AnswerKind kind, std::span<const double> target) {
    if (kind == AnswerKind::label_of_vector) {
        return static_cast<std::size_t>(target[0]);
    }
    return kind == AnswerKind::one_hot ? greatest(target) : target[0] > 0 ? 1 : 0;
}

// Whether `output` can answer in `kind`, whatever the targets' numbers.
bool fits(const Network& network, AnswerKind kind, NodeId output) {
    const Type& target = network.graph.type(network.targets[0]);
    const Type& answer = network.graph.type(output);
    const std::int64_t size = element_count(answer.shape);
    const bool same_size = size == element_count(target.shape);
    switch (kind) {
    case AnswerKind::label_of_vector:
        return target.is_scalar() && target.classes > 0 && answer.rank() == 1 &&
               size == target.classes;
    case AnswerKind::threshold:
        return size == 1 && same_size && (target.classes == 0 || target.classes == 2);
    case AnswerKind::signs:
        return size == 1 && same_size && target.classes == 0 &&
               loss_takes(network, output, {&binary_cross_entropy_with_logits_op, &hinge_op});
    case AnswerKind::one_hot:
        return answer.rank() == 1 && target.rank() == 1 && size > 1 && same_size;
    case AnswerKind::numbers:
        return target.classes == 0 && same_size;
    case AnswerKind::none:
        break;
    }
    return false;
}

struct KindName {
    AnswerKind kind;
    std::string_view name;
};

// In the order in which they are tried.
constexpr std::array<KindName, 6> kinds{{{AnswerKind::label_of_vector, "label_of_vector"},
                                         {AnswerKind::threshold, "threshold"},
                                         {AnswerKind::signs, "signs"},
                                         {AnswerKind::one_hot, "one_hot"},
                                         {AnswerKind::numbers, "numbers"},
                                         {AnswerKind::none, "none"}}};

std::optional<NodeId> output_for(const Network& network, AnswerKind kind) {
    if (network.targets.size() != 1) {
        return std::nullopt;
    }
    const auto found = std::ranges::find_if(
        network.outputs, [&](NodeId output) { return fits(network, kind, output); });
    return found == network.outputs.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

std::string_view name_of(AnswerKind kind) {
    return std::ranges::find(kinds, kind, &KindName::kind)->name;
}

std::optional<AnswerKind> answer_kind_named(std::string_view name) {
    const auto* const found = std::ranges::find(kinds, name, &KindName::name);
    return found == kinds.end() ? std::nullopt : std::optional(found->kind);
}

std::optional<std::size_t> AnswerRule::class_of(std::span<const double> answer) const {
    if (std::ranges::any_of(answer, [](double a) { return std::isnan(a); })) {
        return std::nullopt;
    }
    if (size > 1 || kind == AnswerKind::label_of_vector) {
        return greatest(answer);
    }
    return answer[0] > threshold ? 1 : 0;
}

std::size_t AnswerRule::class_of_target(std::span<const double> target) const {
    return class_in(kind, target);
}

TargetClasses target_classes(const Network& network, AnswerKind kind) {
    if (network.targets.size() != 1) {
        return {};
    }
    const Type& target = network.graph.type(network.targets[0]);
    if (target.classes > 0) {
        return {static_cast<std::size_t>(target.classes),
                [](auto label) { return class_in(AnswerKind::label_of_vector, label); }};
    }
    if (kind == AnswerKind::numbers || kind == AnswerKind::none) {
        return {};
    }
    const auto classes = std::max<std::int64_t>(element_count(target.shape), 2);
    return {static_cast<std::size_t>(classes),
            [kind](auto numbers) { return class_in(kind, numbers); }};
}

void AnswerRule::to_probabilities(std::span<double> answer) const {
    if (meaning != Meaning::logit) {
        return;
    }
    if (kind == AnswerKind::threshold || kind == AnswerKind::signs) {
        answer[0] = 1 / (1 + std::exp(-answer[0]));
        return;
    }
    const double top = *std::ranges::max_element(answer);
    double sum = 0;
    for (double& x : answer) {
        x = std::exp(x - top);
        sum += x;
    }
    for (double& x : answer) {
        x /= sum;
    }
}

bool are_of_kind(const Network& network, AnswerKind kind, std::span<const double> targets) {
    if (network.targets.empty()) {
        return kind == AnswerKind::none;
    }
    const Type& target = network.graph.type(network.targets[0]);
    switch (kind) {
    case AnswerKind::threshold:
        return target.classes == 2 || are_binary(targets);
    case AnswerKind::signs:
        return are_signs(targets);
    case AnswerKind::one_hot:
        return are_one_hot(targets, static_cast<std::size_t>(element_count(target.shape)));
    case AnswerKind::label_of_vector:
    case AnswerKind::numbers:
    case AnswerKind::none:
        break;
    }
    return true;
}

AnswerKindFinder::AnswerKindFinder(const Network& network) : network_(network) {
    for (const KindName& each : kinds) {
        if (output_for(network, each.kind)) {
            possible_.push_back(each.kind);
        }
    }
}

void AnswerKindFinder::add(std::span<const double> targets) {
    has_targets_ = has_targets_ || !targets.empty();
    std::erase_if(possible_,
                  [&](AnswerKind kind) { return !are_of_kind(network_, kind, targets); });
}

AnswerKind AnswerKindFinder::found() const {
    return has_targets_ && !possible_.empty() ? possible_[0] : AnswerKind::none;
}

AnswerKind answer_kind(const Network& network, std::span<const double> targets) {
    AnswerKindFinder finder(network);
    finder.add(targets);
    return finder.found();
}

std::optional<AnswerRule> answer_rule(const Network& network, AnswerKind kind) {
    const auto output = output_for(network, kind);
    if (!output) {
        return std::nullopt;
    }
    AnswerRule rule{.kind = kind, .output = *output};
    rule.size = static_cast<std::size_t>(element_count(network.graph.type(*output).shape));
    if (rule.size == 1) {
        // Of one number every view is the number itself, which takes no work.
        rule.output = seen_through_views(network.graph, *output);
    }
    if (kind == AnswerKind::numbers) {
        return rule;
    }
    const bool is_one_number = kind == AnswerKind::threshold || kind == AnswerKind::signs;
    rule.classes = is_one_number ? 2 : rule.size;
    rule.meaning =
        is_one_number ? meaning_of_number(network, *output) : meaning_of_vector(network, *output);
    const bool is_margin =
        rule.meaning == AnswerRule::Meaning::logit || loss_takes(network, *output, {&hinge_op});
    rule.threshold = is_margin ? 0 : 0.5;
    return rule;
}

}  // namespace chainrule
