#include "passes/rewrite.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "lang/parser.h"
#include "ops/rules.h"
#include "passes/rebuild.h"

namespace chainrule {

struct RewriteSet::Rule {
    Rewrite source;
    std::shared_ptr<const ast::Tree> tree;
    ast::ExprId left;
    ast::ExprId right;
};

namespace {

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
        const bool fresh = left_sides.insert(canonical({*rule.tree, rule.left}, names)).second;
        const Op* root = pattern_of({*rule.tree, rule.left}).op;
        if (root == nullptr || !fresh) {
            throw InternalError("the rewrite " + std::string(rewrite.identity) +
                                " matches everything or has another's left side");
        }
        const std::size_t known = names.size();
        canonical({*rule.tree, rule.right}, names);
        if (names.size() > known) {
            throw InternalError("the rewrite " + std::string(rewrite.identity) +
                                " does not say what " + names[known] + " is");
        }
        by_root_[root].push_back(std::move(rule));
    }
}

RewriteSet::~RewriteSet() = default;
RewriteSet::RewriteSet(RewriteSet&&) noexcept = default;

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
        if (!matches({*rule.tree, rule.left}, graph, value.id, match_, bound)) {
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
        const Pattern pattern = pattern_of({*rule.tree, id});
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
