#include "passes/rewrite.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "lang/overloaded.h"
#include "lang/parser.h"
#include "ops/operators.h"
#include "ops/rules.h"
#include "ops/shapes.h"
#include "passes/rebuild.h"
#include "passes/selection.h"

namespace chainrule {

using Bound = std::map<std::string, NodeId, std::less<>>;

struct RewriteSet::Rule {
    Rewrite source;
    std::shared_ptr<const ast::Tree> tree;
    ast::ExprId left;
    ast::ExprId right;
};

namespace {

// The op at a pattern's root and the patterns of its operands; no op for a name or a number.
struct Pattern {
    const Op* op = nullptr;
    std::vector<ast::ExprId> operands;
};

Pattern pattern_of(const ast::Tree& tree, ast::ExprId id) {
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
        tree[id].node);
}

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

bool stands_for_number(const std::string& name) {
    return name.front() == 'n' || name.front() == 'm' || name.front() == 'k';
}

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
    const Op* const op = pattern_of(tree, pattern).op;
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
        Pattern shape = pattern_of(tree_, pattern);
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

// An elementwise op on written-out numbers, as a number: where no digit is lost that a reader
// wants. 1/2 stays a fraction.
std::optional<double> folded(const Graph& graph, const Node& node) {
    const auto* f = std::get_if<ElementFunction>(&node.op->reference);
    if (f == nullptr || node.operands.empty() || node.op == &cast_op) {
        return std::nullopt;
    }
    std::vector<double> x;
    bool whole = true;
    for (const NodeId operand : node.operands) {
        const auto value = literal_value(graph, operand);
        if (!value) {
            return std::nullopt;
        }
        x.push_back(*value);
        whole &= is_whole(*value);
    }
    const double result = (*f)(x, node.attributes);
    const bool arithmetic = node.op == &add_op || node.op == &subtract_op ||
                            node.op == &multiply_op || node.op == &negate_op;
    const bool plain = is_whole(result) || (arithmetic && !whole && std::isfinite(result));
    return plain ? std::optional(result) : std::nullopt;
}

Expr folded_or_same(Expr value) {
    Graph& graph = *value.graph;
    if (graph.is_named(value.id)) {
        return value;
    }
    const auto number = folded(graph, graph[value.id]);
    return number && !value.type().per_example ? literal_like(value, *number) : value;
}

// Names in the order in which they first stand.
using Names = std::vector<std::string>;

// A side without its names' spelling: `add(0, multiply(s1, x2))`. Names of one kind are alike.
std::string canonical(const ast::Tree& tree, ast::ExprId id, Names& names) {
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
    const Pattern pattern = pattern_of(tree, id);
    if (pattern.op == nullptr) {
        throw InternalError("a rewrite has a side that is no formula");
    }
    std::string text(pattern.op->name);
    for (const ast::ExprId operand : pattern.operands) {
        text +=
            (operand == pattern.operands.front() ? "(" : ", ") + canonical(tree, operand, names);
    }
    return text + ")";
}

RewriteSet::Rule parsed(const Rewrite& rewrite) {
    const std::size_t equals = rewrite.identity.find(" = ");
    if (equals == std::string_view::npos) {
        throw InternalError("the rewrite " + std::string(rewrite.identity) + " has no ' = '");
    }
    SourceMap sources;
    Diagnostics diagnostics;
    auto tree = std::make_shared<ast::Tree>();
    const auto side = [&](std::string_view text) {
        const std::uint32_t file = sources.add("rewrite", std::string(text));
        const auto root = parse_expression(sources, file, *tree, diagnostics);
        if (!root) {
            throw InternalError("the rewrite " + std::string(rewrite.identity) + " does not parse");
        }
        return *root;
    };
    const ast::ExprId left = side(rewrite.identity.substr(0, equals));
    const ast::ExprId right = side(rewrite.identity.substr(equals + 3));
    return {rewrite, std::move(tree), left, right};
}

}  // namespace

RewriteSet::RewriteSet(std::span<const Rewrite> rules, Match match) : match_(match) {
    std::set<std::string> left_sides;
    for (const Rewrite& rewrite : rules) {
        Rule rule = parsed(rewrite);
        Names names;
        const bool fresh = left_sides.insert(canonical(*rule.tree, rule.left, names)).second;
        const Op* root = pattern_of(*rule.tree, rule.left).op;
        if (root == nullptr || !fresh) {
            throw InternalError("the rewrite " + std::string(rewrite.identity) +
                                " matches everything or has another's left side");
        }
        const std::size_t known = names.size();
        canonical(*rule.tree, rule.right, names);
        if (names.size() > known) {
            throw InternalError("the rewrite " + std::string(rewrite.identity) +
                                " does not say what " + names[known] + " is");
        }
        by_root_[root].push_back(std::move(rule));
    }
}

RewriteSet::~RewriteSet() = default;
RewriteSet::RewriteSet(RewriteSet&&) noexcept = default;

// One level more as long as it lives.
class Nested {
public:
    explicit Nested(int& depth) : depth_(depth) { ++depth_; }
    ~Nested() { --depth_; }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;

private:
    int& depth_;
};

// How deep the parts of right sides are simplified within each other.
constexpr int deepest = 500;

// What one simplify() has done so far.
struct RewriteSet::Run {
    std::size_t budget;
    int depth = 0;
    std::vector<std::string_view> used = {};

    void spend(std::string_view identity) {
        used.push_back(identity);
        if (used.size() > budget) {
            throw InternalError("rewrites loop: " + latest());
        }
    }

    // The rules of the second half, by when a loop has settled.
    std::string latest() const {
        std::string text;
        const auto half = used.begin() + std::ssize(used) / 2;
        for (const std::string_view rule : std::set<std::string_view>(half, used.end())) {
            text += (text.empty() ? "" : "; ") + std::string(rule);
        }
        return text;
    }
};

Expr RewriteSet::simplify(Expr value, std::size_t budget) const {
    Run run{budget + value.graph->size()};
    return simplified(value, run);
}

Expr RewriteSet::simplified(Expr value, Run& run) const {
    for (;;) {
        value = folded_or_same(value);
        Graph& graph = *value.graph;
        if (graph.is_named(value.id)) {
            return value;
        }
        const std::optional<Expr> other = rewritten(value, run);
        if (!other) {
            return value;
        }
        value = *other;
    }
}

std::optional<Expr> RewriteSet::rewrite_root(Expr value) const {
    Run run{1 + value.graph->size()};
    return rewritten(value, run);
}

// By the first rule that matches and whose right side has a meaning there: (x @ y)' = y' @ x' has
// none where x is a vector and y a matrix.
std::optional<Expr> RewriteSet::rewritten(Expr value, Run& run) const {
    Graph& graph = *value.graph;
    const auto candidates = by_root_.find(graph[value.id].op);
    if (candidates == by_root_.end()) {
        return std::nullopt;
    }
    const auto type = Type(value.type());  // a copy: the graph grows
    for (const Rule& rule : candidates->second) {
        Bound bound;
        if (!Matcher(*rule.tree, graph, match_, bound).matches(rule.left, value.id)) {
            continue;
        }
        run.spend(rule.source.identity);
        try {
            return fitted(replaced(rule, bound, graph, run), type);
        } catch (const ShapeError&) {
            continue;  // the shape rules alone know
        }
    }
    return std::nullopt;
}

// The right side as nodes. What stands below its root is simplified, the root is left to the
// caller, who goes on with it.
Expr RewriteSet::replaced(const Rule& rule, const Bound& bound, Graph& graph, Run& run) const {
    const auto build = [&](const auto& self, ast::ExprId id) -> Expr {
        if (const auto* number = std::get_if<ast::Number>(&(*rule.tree)[id].node)) {
            return literal(graph, number->value);
        }
        if (const auto* name = std::get_if<ast::Name>(&(*rule.tree)[id].node)) {
            const NodeId value = bound.find(name->name)->second;
            // A number comes without the shape in which it was found.
            return stands_for_number(name->name) ? literal(graph, *literal_value(graph, value))
                                                 : graph.expr(value);
        }
        const Pattern pattern = pattern_of(*rule.tree, id);
        std::vector<Expr> operands;
        for (const ast::ExprId operand : pattern.operands) {
            operands.push_back(self(self, operand));
        }
        const Expr made = call(*pattern.op, std::move(operands));
        // What lies very deep is left as it is: it is right, and the stack has an end.
        return id == rule.right || run.depth > deepest ? made : simplified(made, run);
    };
    const Nested nested(run.depth);
    return build(build, rule.right);
}

Graph rewrite(const Graph& graph, const RewriteSet& rules) {
    return without_unused(
        rebuild(graph, [&](const RebuildStep& step) { return rules.simplify(step.copy()); }));
}

}  // namespace chainrule
