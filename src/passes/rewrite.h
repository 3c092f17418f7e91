// Rewrites are data: an identity, written in the language, and what it assumes of floating point.
//
//     {"x * 1 = x", ""}          holds for every double
//     {"x * 0 = 0", "finite"}    holds unless x is infinite or NaN
//
// In an identity x y z u v c stand for any value, r for one that is finite wherever the names in it
// are (nothing divides or takes a logarithm), s and t for scalars, broadcast or not, a for a
// vector, I for a unit matrix, n m k for written-out numbers; a number stands for that number, sign
// of zero included, also broadcast. The left side is matched at anonymous nodes, or by their
// meaning (Match); the right side takes its place, broadcast to the same type. Operations on
// written-out numbers are folded where the result is exact.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ir/graph.h"
#include "passes/pattern.h"

namespace chainrule {

// What a rewrite assumes that holds for every double.
constexpr std::string_view always;

struct Rewrite {
    std::string_view identity;
    // What must hold for both sides to be the same double; empty: nothing. "rounding": the same
    // number but for rounding; "unsaturated": where no sigmoid or softmax has rounded to 0 or 1.
    std::string_view assumes;
};

// Rules made ready to match. Throws InternalError for a rule that does not parse, whose right side
// has a name that the left has not, or whose left side is another's but for the names.
class RewriteSet {
public:
    explicit RewriteSet(std::span<const Rewrite> rules, Match match = Match::as_written);
    ~RewriteSet();
    RewriteSet(RewriteSet&&) noexcept;

    // `value` rewritten at its root until no rule matches, and what the rules put below the root
    // too. Throws InternalError, naming the rules that loop, when `budget` rewrites and one for
    // each node of the graph have not sufficed.
    Expr simplify(Expr value, std::size_t budget = 300) const;

    // `value` rewritten once, at its root; none where no rule does.
    std::optional<Expr> rewrite_root(Expr value) const;
    bool has_rule_for(const Op& root) const { return by_root_.contains(&root); }

    struct Rule;
    struct Run;

private:
    Expr simplified(Expr value, Run& run) const;
    std::optional<Expr> rewritten(Expr value, Run& run) const;
    Expr replaced(const Rule& rule, const Bound& bound, Graph& graph, Run& run) const;

    Match match_;
    std::map<const Op*, std::vector<Rule>> by_root_;
};

// The pass: every anonymous node, operands first.
Graph rewrite(const Graph& graph, const RewriteSet& rules);

}  // namespace chainrule
