// A mask becomes a factor 0 or 1 only where what it hides is finite: 0 times infinity is NaN.
#include <gtest/gtest.h>

#include "notation/formula.h"
#include "ops/rules.h"
#include "passes/simplify.h"

namespace chainrule {
namespace {

std::string simplified(const Graph& graph, Expr root) {
    Graph now = graph;
    now.outputs = {root.id};
    now = simplify(now);
    return write_formula(now, now.outputs[0]);
}

TEST(MaskedRules, a_mask_over_a_pole_stays_a_where) {
    Graph graph;
    const auto leaf = [&](const char* name) {
        return graph.expr(graph.add_named(name, leaf_op, {}, {std::string("weight"), f64()}));
    };
    const Expr x = leaf("x");
    const Expr w = leaf("w");
    const Expr zero = literal(graph, 0);
    EXPECT_EQ(simplified(graph, where(x > zero, 1 / x, 0)), "where(x > 0, 1 / x, 0)");
    EXPECT_EQ(simplified(graph, where(x > zero, log(x), 0)), "where(x > 0, log(x), 0)");
    EXPECT_EQ(simplified(graph, where(x > zero, w * w, 0)), "w^2 * (x > 0)");
    EXPECT_EQ(simplified(graph, where(x <= zero, 0, w)), "w * (x > 0)");
}

}  // namespace
}  // namespace chainrule
