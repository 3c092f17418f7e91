// What `where` has masked stays masked, however often it is derived.
#include <gtest/gtest.h>

#include <cmath>

#include "derive/gradients.h"
#include "support/leaves.h"

namespace chainrule::tests {
namespace {

TEST(Mask, of_a_logarithm_hides_its_pole) {
    Graph graph;
    const Expr x = weight(graph, "x");
    const Expr zero = literal(graph, 0.0);
    const Expr y = where(x > zero, log(x), 0);
    EXPECT_EQ(gradient_at(y, x, 0), 0);
    EXPECT_EQ(gradient_at(y, x, -1), 0);
    EXPECT_EQ(gradient_at(y, x, 0.5), 2);
}

TEST(Mask, stays_through_a_chain_of_elementwise_operations) {
    Graph graph;
    const Expr x = weight(graph, "x");
    const Expr zero = literal(graph, 0.0);
    const Expr y = where(x > zero, sqrt(log(x * x) / x), 0);
    EXPECT_EQ(gradient_at(y, x, 0), 0);
    const Expr other_way = where(x <= zero, 0, 1 / sqrt(x));
    EXPECT_EQ(gradient_at(other_way, x, 0), 0);
    EXPECT_DOUBLE_EQ(gradient_at(other_way, x, 4), -1.0 / 16);
}

TEST(Mask, under_a_pole_does_not_hide_it) {
    Graph graph;
    const Expr x = weight(graph, "x");
    const Expr zero = literal(graph, 0.0);
    const Expr y = sqrt(where(x > zero, x, 0));
    EXPECT_EQ(gradient_at(y, x, 4), 0.25);
    EXPECT_EQ(gradient_at(y, x, -1), 0) << "the mask is the last to speak";
}

TEST(Mask, nests) {
    Graph graph;
    const Expr x = weight(graph, "x");
    const Expr zero = literal(graph, 0.0);
    const Expr one = literal(graph, 1.0);
    // log(log x) has poles at 0 and 1.
    const Expr inner = where(x > one, log(log(x)), 0);
    const Expr y = where(x > zero, inner, x);
    EXPECT_EQ(gradient_at(y, x, 1), 0);
    EXPECT_EQ(gradient_at(y, x, 0), 1);
    EXPECT_EQ(gradient_at(y, x, -3), 1);
    EXPECT_DOUBLE_EQ(gradient_at(y, x, 2), 1 / (2 * std::log(2)));
}

TEST(Mask, holds_in_the_second_derivative) {
    Graph graph;
    const Expr x = weight(graph, "x");
    const Expr y = where(x > literal(graph, 0.0), log(x), 0);
    const Expr second = gradient(gradient(y, x), x);
    EXPECT_EQ(at(second, x, 0), 0);
    EXPECT_EQ(at(second, x, 2), -0.25);
}

// More masks than a cotangent carries one by one.
TEST(Mask, holds_however_many_there_are) {
    Graph graph;
    const Expr x = weight(graph, "x");
    const Expr zero = literal(graph, 0.0);
    Expr y = log(x);
    for (int i = 0; i < 20; ++i) {
        y = i % 2 == 0 ? where(x > zero, 2 * y, 0) : where(x <= zero, 0, y / 2);
    }
    EXPECT_EQ(gradient_at(y, x, 0), 0);
    EXPECT_EQ(gradient_at(y, x, 4), 0.25);
    const Expr second = gradient(gradient(y, x), x);
    EXPECT_EQ(at(second, x, 0), 0);
    EXPECT_EQ(at(second, x, 2), -0.25);
}

TEST(Mask, of_one_element_leaves_the_others) {
    Graph graph;
    const Expr v = weight(graph, "v", {3});
    const Expr y = sum(where(v > literal(graph, 0.0), log(v), 0));
    const Expr dv = gradient(y, v);
    const Tensor value = evaluate(graph, std::vector{dv.id}, {{v.id, Tensor({3}, {0, 2, -1})}})[0];
    EXPECT_EQ(value, Tensor({3}, {0, 0.5, 0}));
}

TEST(Mask, of_two_paths_hides_each_path_by_itself) {
    Graph graph;
    const Expr x = weight(graph, "x");
    const Expr zero = literal(graph, 0.0);
    const Expr y = where(x > zero, log(x), 0) + where(x < zero, log(-x), 0) + x;
    EXPECT_EQ(gradient_at(y, x, 0), 1);
    EXPECT_EQ(gradient_at(y, x, 2), 1.5);
    EXPECT_EQ(gradient_at(y, x, -2), 0.5);
}

}  // namespace
}  // namespace chainrule::tests
