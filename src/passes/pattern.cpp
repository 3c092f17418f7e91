#include "passes/pattern.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "lang/overloaded.h"
#include "ops/operators.h"
#include "ops/rules.h"
#include "ops/shapes.h"
#include "passes/selection.h"

namespace chainrule {

bool stands_for_number(const std::string& name) {
    return name.front() == 'n' || name.front() == 'm' || name.front() == 'k';
}

Pattern pattern_of(const Side& side) {
    return std::visit(
        Overloaded{
            [](const ast::Negate& e) { return Pattern{&negate_op, {e.operand}}; },
            [](const ast::Transpose& e) { return Pattern{&transpose_op, {e.operand}}; },
            [](const ast::Binary& e) { return Pattern{&op_of(e.op), {e.lhs, e.rhs}}; },
            [](const ast::Call& e) {
                Pattern pattern{find_op(e.callee), {}};
                if (pattern.op == nullptr) {
                    throw InternalError("a rewrite names the unknown op " + e.callee);
                }
                for (const ast::Argument& argument : e.arguments) {
                    pattern.operands.push_back(argument.value);
                }
                return pattern;
            },
            [](const auto&) { return Pattern{}; },
        },
        side.tree[side.root].node);
}

namespace {

// An attribute with its axes, of so many, told in one way: each by its number from the front, and
// all of a reduction by their numbers.
Attribute normal_attribute(const AttributeSpec& spec, const Attribute& value, std::size_t rank) {
    if (spec.name != "axis" || rank == 0) {
        return value;
    }
    if (const auto* axes = std::get_if<std::vector<std::int64_t>>(&value)) {
        return normal_axes(*axes, rank);
    }
    return static_cast<std::int64_t>(axis_attribute({value}, 0, rank));
}

bool has_default_attributes(const Graph& graph, const Node& node) {
    // An op counts the axes of its operand; of its result where that has more (stack).
    const std::size_t of_operand = node.operands.empty() ? 0 : graph.type(node.operands[0]).rank();
    const std::size_t rank = std::max(of_operand, node.type.rank());
    for (std::size_t i = 0; i < node.attributes.size(); ++i) {
        const AttributeSpec& spec = node.op->attributes[i];
        if (normal_attribute(spec, node.attributes[i], rank) !=
            normal_attribute(spec, spec.initial, rank)) {
            return false;
        }
    }
    return true;
}

constexpr std::string_view unit_matrix = "I";

bool stands_for_scalar(const std::string& name) {
    return name.front() == 's' || name.front() == 't';
}

bool stands_for_vector(const std::string& name) { return name.front() == 'a'; }

// Whether an op is smooth around 0 on one interval, as its own samples say: no pole, no branch.
bool is_regular(const Op& op) {
    return std::ranges::all_of(op.sample.domains, [](const Domain& domain) {
        return domain.size() == 1 && domain[0].low < 0 && domain[0].high > 0;
    });
}

// Whether an expression is finite wherever the names in it are. What is not, like 1 / x, may be
// infinite just where a mask hides it, so that its product with 0 would be NaN.
bool is_regular(const Graph& graph, NodeId root) {
    std::vector<NodeId> open{root};
    std::set<NodeId> seen;
    while (!open.empty()) {
        const NodeId id = open.back();
        open.pop_back();
        if (graph.is_named(id) || !seen.insert(id).second) {
            continue;
        }
        if (!is_regular(*graph[id].op)) {
            return false;
        }
        open.insert(open.end(), graph[id].operands.begin(), graph[id].operands.end());
    }
    return true;
}

bool binds(const std::string& name, const Graph& graph, NodeId id, Bound& bound) {
    if ((name.front() == 'r' && !is_regular(graph, id)) ||
        (stands_for_number(name) && !literal_value(graph, id)) ||
        (stands_for_scalar(name) && !graph.type(id).is_scalar()) ||
        (stands_for_vector(name) && graph.type(id).rank() != 1) ||
        (name == unit_matrix && !graph.is_op(id, eye_op))) {
        return false;
    }
    return bound.emplace(name, id).first->second == id;
}

// What an elementwise op was given, before it was brought to the shape of the others.
NodeId before_broadcast(const Graph& graph, NodeId id) {
    return graph.is_op(id, broadcast_op) && !graph.is_named(id) ? graph[id].operands[0] : id;
}

// Whether a pattern may stand for a scalar that was brought to the shape of the others.
bool may_be_broadcast(const ast::Tree& tree, ast::ExprId pattern) {
    if (const auto* name = std::get_if<ast::Name>(&tree[pattern].node)) {
        return stands_for_scalar(name->name);
    }
    const Op* const op = pattern_of({tree, pattern}).op;
    return op != nullptr && !op->is_elementwise();
}

// A value behind its aliases; where it selects elements of an `op`, then as that op of selected
// ones.
NodeId seen_as(Graph& graph, NodeId id, const Op& op) {
    const bool is_inward = op.is_elementwise() && graph.is_op(selection_of(graph, id).whole, op);
    return is_inward ? selected_operands(graph, id) : behind_aliases(graph, id);
}

bool is_commutative(const Op& op) { return &op == &add_op || &op == &multiply_op; }

// Patterns that are bound to what they match.
class Matcher {
public:
    Matcher(const ast::Tree& tree, Graph& graph, Match match, Bound& bound)
        : tree_(tree), graph_(graph), by_meaning_(match == Match::by_meaning), bound_(bound) {}

    bool matches(ast::ExprId pattern, NodeId id) {
        if (const auto* number = std::get_if<ast::Number>(&tree_[pattern].node)) {
            const auto value = literal_value(graph_, id);
            return value == number->value && !std::signbit(*value);
        }
        if (const auto* name = std::get_if<ast::Name>(&tree_[pattern].node)) {
            return binds(name->name, graph_, id, bound_);
        }
        Pattern shape = pattern_of({tree_, pattern});
        if (by_meaning_) {
            id = seen_as(graph_, id, *shape.op);
        } else if (graph_.is_named(id)) {
            return false;
        }
        const Node node = graph_[id];  // a copy: the graph may grow
        if (node.op != shape.op || !has_default_attributes(graph_, node) ||
            node.operands.size() != shape.operands.size()) {
            return false;
        }
        const Bound before = bound_;
        if (match_operands(shape, node)) {
            return true;
        }
        if (!by_meaning_ || !is_commutative(*node.op)) {
            return false;
        }
        bound_ = before;
        std::ranges::reverse(shape.operands);
        return match_operands(shape, node);
    }

private:
    bool match_operands(const Pattern& shape, const Node& node) {
        for (std::size_t i = 0; i < shape.operands.size(); ++i) {
            const bool scaled =
                node.op->is_elementwise() && may_be_broadcast(tree_, shape.operands[i]);
            if (!matches(shape.operands[i],
                         scaled ? before_broadcast(graph_, node.operands[i]) : node.operands[i])) {
                return false;
            }
        }
        return true;
    }

    const ast::Tree& tree_;
    Graph& graph_;
    bool by_meaning_;
    Bound& bound_;
};

}  // namespace

bool matches(const Side& side, Graph& graph, NodeId id, Match match, Bound& bound) {
    return Matcher(side.tree, graph, match, bound).matches(side.root, id);
}

std::string canonical(const Side& side, Names& names) {
    const ast::Tree& tree = side.tree;
    const ast::ExprId id = side.root;
    if (const auto* number = std::get_if<ast::Number>(&tree[id].node)) {
        return format_number(number->value);
    }
    if (const auto* name = std::get_if<ast::Name>(&tree[id].node)) {
        const auto place = std::ranges::find(names, name->name) - names.begin();
        if (place == std::ssize(names)) {
            names.push_back(name->name);
        }
        const char kind = stands_for_number(name->name)   ? 'n'
                          : stands_for_scalar(name->name) ? 's'
                          : stands_for_vector(name->name) ? 'a'
                          : name->name == unit_matrix     ? 'I'
                                                          : 'x';
        return kind + std::to_string(place);
    }
    const Pattern pattern = pattern_of(side);
    if (pattern.op == nullptr) {
        throw InternalError("a rewrite has a side that is no formula");
    }
    std::string text(pattern.op->name);
    for (const ast::ExprId operand : pattern.operands) {
        text +=
            (operand == pattern.operands.front() ? "(" : ", ") + canonical({tree, operand}, names);
    }
    return text + ")";
}

}  // namespace chainrule
