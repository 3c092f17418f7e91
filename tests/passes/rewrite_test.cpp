// The engine of rewrites: what matches, what is refused, how loops end.
#include "passes/rewrite.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lang/diagnostic.h"
#include "notation/formula.h"
#include "ops/build.h"
#include "passes/readable_rules.h"
#include "support/leaves.h"

namespace chainrule::tests {
namespace {

std::string rewritten(Expr value, const std::vector<Rewrite>& rules) {
    value.graph->outputs = {value.id};
    const Graph graph = rewrite(*value.graph, RewriteSet(rules));
    verify(graph);
    EXPECT_EQ(graph.type(graph.outputs[0]), value.type());
    return write_formula(graph, graph.outputs[0]);
}

std::string refusal(const std::function<void()>& f) {
    try {
        f();
    } catch (const InternalError& error) {
        return error.what();
    }
    return "not refused";
}

std::string refusal_of(const std::vector<Rewrite>& rules) {
    return refusal([&] { const RewriteSet set(rules); });
}

// --- matching ---------------------------------------------------------------------------------

TEST(Rewrite, a_name_that_stands_twice_means_one_value) {
    Graph graph;
    const Expr a = weight(graph, "a");
    const Expr b = weight(graph, "b");
    const std::vector<Rewrite> rules{{"x - x = 0", "finite"}};
    EXPECT_EQ(rewritten(sin(a) - sin(a), rules), "0");
    EXPECT_EQ(rewritten(sin(a) - sin(b), rules), "sin(a) - sin(b)");
}

TEST(Rewrite, s_and_t_stand_for_scalars_and_n_for_numbers) {
    Graph graph;
    const Expr v = weight(graph, "v", {3});
    const Expr a = weight(graph, "a");
    EXPECT_EQ(rewritten(sin(exp(v)), {{"sin(exp(s)) = s", ""}}), "sin(exp(v))");
    EXPECT_EQ(rewritten(sin(exp(a)), {{"sin(exp(s)) = s", ""}}), "a");
    EXPECT_EQ(rewritten(sin(a + 2.0), {{"sin(x + n) = x", ""}}), "a");
    EXPECT_EQ(rewritten(sin(a + a), {{"sin(x + n) = x", ""}}), "sin(a + a)");
}

TEST(Rewrite, a_number_matches_its_broadcasts_and_its_own_sign_of_zero) {
    Graph graph;
    const Expr v = weight(graph, "v", {3});
    const std::vector<Rewrite> rules{{"x - 0 = x", ""}};
    EXPECT_EQ(rewritten(v - 0.0, rules), "v");
    EXPECT_EQ(rewritten(v - literal(graph, Tensor({3}, {0, 0, 0})), rules), "v");
    EXPECT_NE(rewritten(v - literal(graph, -0.0), rules), "v") << "-0 - -0 is 0";
    EXPECT_NE(rewritten(v - literal(graph, Tensor({3}, {0, 1, 0})), rules), "v");
}

TEST(Rewrite, a_number_of_a_large_shape_goes_where_a_small_one_is_wanted) {
    Graph graph;
    const Expr w = weight(graph, "w", {2, 3});
    const Expr v = weight(graph, "v", {3});
    EXPECT_EQ(rewritten(matmul(2.0 * w, v), {{"n * x @ y = n * (x @ y)", "rounding"}}),
              "2 * (w @ v)");
}

TEST(Rewrite, the_right_side_takes_the_type_of_the_left) {
    Graph graph;
    Type type;
    type.shape = {2, 3};
    type.per_example = true;
    const Expr x = graph.expr(graph.add_named("x", leaf_op, {}, {std::string("input"), type}));
    const Expr zero = x - x;
    graph.outputs = {zero.id};
    const Graph result = rewrite(graph, RewriteSet(readable_rules()));
    EXPECT_EQ(result.type(result.outputs[0]), type);
    EXPECT_EQ(literal_value(result, result[result.outputs[0]].operands[0]), 0.0);
}

TEST(Rewrite, named_nodes_stay) {
    Graph graph;
    const Expr a = weight(graph, "a");
    const Expr b = name_node(a * 1.0, "b");
    graph.outputs = {(b * 1.0).id};
    const Graph result = rewrite(graph, RewriteSet(readable_rules()));
    EXPECT_EQ(result.outputs[0], result.find("b"));
    EXPECT_TRUE(result.is_op(*result.find("b"), multiply_op));
}

TEST(Rewrite, does_not_see_through_a_name) {
    Graph graph;
    const Expr a = weight(graph, "a");
    const Expr b = name_node(exp(a), "b");
    EXPECT_EQ(rewritten(log(b), {{"log(exp(x)) = x", "rounding"}}), "log(b)");
}

TEST(Rewrite, sees_through_names_and_aliases_where_asked_to) {
    Graph graph;
    const Expr a = weight(graph, "a");
    const Expr c = name_node(name_node(exp(a), "b"), "c");
    const std::vector<Rewrite> rules{{"log(exp(x)) = x", "rounding"}};
    EXPECT_FALSE(RewriteSet(rules).rewrite_root(log(c)));
    const RewriteSet seeing(rules, Match::by_meaning);
    EXPECT_EQ(seeing.rewrite_root(log(c))->id, a.id);
    EXPECT_EQ(seeing.rewrite_root(name_node(log(c), "d"))->id, a.id);
    EXPECT_FALSE(seeing.rewrite_root(log(log(c)))) << "only at the root";
}

TEST(Rewrite, an_attribute_that_is_not_the_default_does_not_match) {
    Graph graph;
    const Expr a = weight(graph, "a", {2, 3});
    const std::vector<Rewrite> rules{{"sum(x * 1) = sum(x)", ""}};
    EXPECT_EQ(rewritten(sum(a * 1.0), rules), "sum(a)");
    EXPECT_EQ(rewritten(sum(a * 1.0, {0}), rules), "sum(a * 1, axis=0)");
}

TEST(Rewrite, an_axis_may_be_counted_from_either_end) {
    Graph graph;
    const Expr a = weight(graph, "a", {2, 3});
    const std::vector<Rewrite> rules{{"sum(x * 1) = sum(x)", ""},
                                     {"softmax(x * 1) = softmax(x)", ""},
                                     {"argmax(x * 1) = argmax(x)", ""},
                                     {"concat(x * 1, x) = concat(x, x)", ""},
                                     {"stack(x * 1, x) = stack(x, x)", ""}};
    const auto form = [&](const Op& op, const std::vector<Expr>& operands, Attribute axis) {
        return rewritten(call(op, operands, {std::move(axis)}), rules);
    };
    using Axes = std::vector<std::int64_t>;
    EXPECT_EQ(form(sum_op, {a * 1.0}, Axes{0, 1}), "sum(a)");
    EXPECT_EQ(form(sum_op, {a * 1.0}, Axes{1}), "sum(a * 1, axis=1)");
    EXPECT_EQ(form(softmax_op, {a * 1.0}, Axes{1}), "softmax(a)");
    EXPECT_EQ(form(softmax_op, {a * 1.0}, Axes{0}), "softmax(a * 1, axis=0)");
    EXPECT_EQ(form(argmax_op, {a * 1.0}, std::int64_t{1}), "argmax(a)");
    EXPECT_EQ(form(argmax_op, {a * 1.0}, std::int64_t{0}), "argmax(a * 1, axis=0)");
    EXPECT_EQ(form(concat_op, {a * 1.0, a}, std::int64_t{-2}), "concat(a, a)");
    EXPECT_EQ(form(concat_op, {a * 1.0, a}, std::int64_t{-1}), "concat(a * 1, a, axis=-1)");
    EXPECT_EQ(form(stack_op, {a * 1.0, a}, std::int64_t{-3}), "stack(a, a)");
    EXPECT_EQ(form(stack_op, {a * 1.0, a}, std::int64_t{-2}), "stack(a * 1, a, axis=-2)");
}

TEST(Rewrite, folds_written_out_numbers_where_no_digit_is_lost) {
    Graph graph;
    weight(graph, "a");
    const auto number = [&](double v) { return literal(graph, v); };
    EXPECT_EQ(rewritten(number(2) * number(3) - number(7), {}), "-1");
    EXPECT_EQ(rewritten(power(number(2), 10.0), {}), "1024");
    EXPECT_EQ(rewritten(number(6) / number(3), {}), "2");
    EXPECT_EQ(rewritten(number(1) / number(2), {}), "1/2");
    EXPECT_EQ(rewritten(number(0.25) + number(0.5), {}), "0.75");
    EXPECT_EQ(rewritten(sqrt(number(2)), {}), "sqrt(2)");
    EXPECT_EQ(rewritten(sqrt(number(9)), {}), "3");
    EXPECT_EQ(rewritten(number(2) < number(3), {}), "1");
}

// --- refusals ---------------------------------------------------------------------------------

TEST(Rewrite, two_rules_with_one_left_side_are_refused) {
    EXPECT_EQ(refusal_of({{"x + 0 = x", ""}, {"x + 0 = 0 + x", ""}}),
              "the rewrite x + 0 = 0 + x matches everything or has another's left side");
    EXPECT_EQ(refusal_of({{"x * y = y * x", ""}, {"u * v = u", ""}}),
              "the rewrite u * v = u matches everything or has another's left side");
    EXPECT_EQ(refusal_of({{"x * y = y", ""}, {"x * x = x", ""}, {"s * x = x", ""}}), "not refused")
        << "they match other values";
}

TEST(Rewrite, rules_that_make_no_sense_are_refused) {
    EXPECT_EQ(refusal_of({{"x = 2", ""}}),
              "the rewrite x = 2 matches everything or has another's left side");
    EXPECT_EQ(refusal_of({{"x * 0 = y", ""}}), "the rewrite x * 0 = y does not say what y is");
    EXPECT_EQ(refusal_of({{"x + 0", ""}}), "the rewrite x + 0 has no ' = '");
    EXPECT_EQ(refusal_of({{"x + = x", ""}}), "the rewrite x + = x does not parse");
    EXPECT_EQ(refusal_of({{"sinus(x) = x", ""}}), "a rewrite names the unknown op sinus");
    EXPECT_EQ(refusal_of({{"x + [1, 2] = x", ""}}), "a rewrite has a side that is no formula");
}

TEST(Rewrite, the_readable_rules_are_a_set) { EXPECT_NO_THROW(RewriteSet{readable_rules()}); }

// --- loops ------------------------------------------------------------------------------------

std::string loop_of(const std::vector<Rewrite>& rules, std::size_t budget = 300) {
    Graph graph;
    const Expr a = weight(graph, "a");
    const Expr b = weight(graph, "b");
    const RewriteSet set(rules);
    return refusal([&] { set.simplify(a * b, budget); });
}

TEST(RewriteLoop, is_named_by_its_rules) {
    EXPECT_EQ(loop_of({{"x * y = y * x", ""}}), "rewrites loop: x * y = y * x");
    EXPECT_EQ(loop_of({{"x * y = x + y", ""}, {"x + y = x - y", ""}, {"x - y = x * y", ""}}),
              "rewrites loop: x * y = x + y; x + y = x - y; x - y = x * y");
}

TEST(RewriteLoop, that_grows_inward_ends_too) {
    EXPECT_EQ(loop_of({{"x * y = -(x * y)", ""}}), "rewrites loop: x * y = -(x * y)");
    EXPECT_EQ(loop_of({{"x * y = exp(y * x) + 1", ""}}), "rewrites loop: x * y = exp(y * x) + 1");
}

TEST(RewriteLoop, of_the_rules_before_it_is_not_blamed) {
    Graph graph;
    const Expr a = weight(graph, "a");
    const RewriteSet set(std::vector<Rewrite>{
        {"log(x) = exp(x)", ""}, {"exp(x) = x + x", ""}, {"x + y = y + x", ""}});
    EXPECT_EQ(refusal([&] { set.simplify(log(a)); }), "rewrites loop: x + y = y + x");
}

TEST(RewriteLoop, needs_more_than_the_budget) {
    // The graph has three nodes, which count too.
    const std::vector<Rewrite> chain{
        {"x * y = x + y", ""}, {"x + y = x - y", ""}, {"x - y = x / y", ""}, {"x / y = x @ y", ""}};
    EXPECT_EQ(loop_of(chain, 1), "not refused");
    EXPECT_EQ(loop_of(chain, 0), "rewrites loop: x - y = x / y; x / y = x @ y");
}

TEST(RewriteLoop, is_not_what_a_long_formula_is) {
    Graph graph;
    const Expr a = weight(graph, "a", {1, 1});
    Expr product = a;
    for (int i = 0; i < 5000; ++i) {
        product = matmul(product, a);
    }
    graph.outputs = {transpose(product).id};
    const Graph result = rewrite(graph, RewriteSet(readable_rules()));
    EXPECT_EQ(result.type(result.outputs[0]), product.type());
}

}  // namespace
}  // namespace chainrule::tests
