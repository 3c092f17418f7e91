// What formulas read like after simplification: textbook forms, letter for letter.
#include "passes/simplify.h"

#include <gtest/gtest.h>

#include <cmath>

#include "derive/derive.h"
#include "eval/evaluate.h"
#include "notation/formula.h"
#include "ops/build.h"
#include "support/leaves.h"
#include "support/texts.h"

namespace chainrule::tests {
namespace {

std::string simplified(Graph graph, NodeId root) {
    graph.outputs = {root};
    const Graph simple = simplify(graph);
    verify(simple);
    EXPECT_EQ(simple.type(simple.outputs[0]), graph.type(root));
    return write_formula(simple, simple.outputs[0]);
}

// A formula of scalars a ... h, vectors u, v, and matrices A, B, C.
std::string simple(const std::string& formula) {
    const Elaborated network = elaborated(
        "weight a, b, c, d, f, g, h, w, x, y, z\n"
        "weight u[3], v[3]\n"
        "weight A[3, 3], B[3, 3], C[3, 3]\n");
    Graph graph = network.network.graph;
    const NodeId root = expression(network, graph, formula).id;  // before the graph is copied
    return simplified(graph, root);
}

// dof/dby, through all named nodes.
std::string derivative(const std::string& text, const std::string& of, const std::string& by) {
    const Elaborated network = elaborated(text);
    Graph graph = network.network.graph;
    const NodeId x = *graph.find(by);
    const auto gradients = derive(graph, *graph.find(of), std::vector{x}).gradients;
    return simplified(graph, gradients[0].id);
}

// --- products ---------------------------------------------------------------------------------

TEST(SimplifyProduct, gathers_numbers_in_front) {
    EXPECT_EQ(simple("a * 2 * b * 3"), "6 * a * b");
    EXPECT_EQ(simple("1/2 * (2 * (a - y))"), "a - y");
    EXPECT_EQ(simple("1/2 * 2 * (a - y) * a * (1 - a)"), "(a - y) * a * (1 - a)");
    EXPECT_EQ(simple("a * 0.5 * 0.5"), "0.25 * a");
    EXPECT_EQ(simple("2 * a / 4"), "a / 2");
    EXPECT_EQ(simple("3 * a / 4"), "3/4 * a");
}

TEST(SimplifyProduct, keeps_the_order_of_its_factors) {
    EXPECT_EQ(simple("1 * (a - y) * a * (1 - a) * w * x"), "(a - y) * a * (1 - a) * w * x");
    EXPECT_EQ(simple("(z * (y * x)) * (w * 1)"), "z * y * x * w");
}

TEST(SimplifyProduct, writes_equal_factors_as_powers) {
    EXPECT_EQ(simple("a * a"), "a^2");
    EXPECT_EQ(simple("a * b * a * b * a"), "a^3 * b^2");
    EXPECT_EQ(simple("a^2 * a^3"), "a^5");
    EXPECT_EQ(simple("(a * b)^2"), "a^2 * b^2");
}

TEST(SimplifyProduct, cancels_quotients) {
    EXPECT_EQ(simple("a * b / a"), "b");
    EXPECT_EQ(simple("a / (a * b)"), "1 / b");
    EXPECT_EQ(simple("(a - y) / (a * (1 - a)) * a * (1 - a)"), "a - y");
    EXPECT_EQ(simple("a / b / c"), "a / (b * c)");
    EXPECT_EQ(simple("a / (b / c)"), "a * c / b");
    EXPECT_EQ(simple("a^3 / a"), "a^2");
    EXPECT_EQ(simple("a / a^3"), "1 / a^2");
}

TEST(SimplifyProduct, cancels_a_difference_against_its_flip) {
    EXPECT_EQ(simple("(a - b) / (b - a)"), "-1");
    EXPECT_EQ(simple("(a - b) * c / (b - a)"), "-c");
    EXPECT_EQ(simple("(a - b)^2 / (b - a)"), "b - a");
    EXPECT_EQ(simple("(a - b) * (b - a)"), "-(a - b)^2");
}

TEST(SimplifyProduct, carries_a_minus_into_a_difference) {
    EXPECT_EQ(simple("-(a - b)"), "b - a");
    EXPECT_EQ(simple("-((a - b) * c)"), "(b - a) * c");
    EXPECT_EQ(simple("-(a * b)"), "-a * b");
    EXPECT_EQ(simple("(-a) * (-b)"), "a * b");
    EXPECT_EQ(simple("-(-(-a))"), "-a");
    EXPECT_EQ(simple("-((1 - a) * c)"), "(a - 1) * c");
    EXPECT_EQ(simple("-(c * (1 - a))"), "-c * (1 - a)") << "1 - a is how it is known";
}

TEST(SimplifyProduct, keeps_what_is_no_product) {
    EXPECT_EQ(simple("sin(a * 1) * cos(b + 0)"), "sin(a) * cos(b)");
    EXPECT_EQ(simple("exp(a)^2"), "exp(a)^2");
    EXPECT_EQ(simple("a^b * a"), "a^b * a");
}

TEST(SimplifyProduct, of_nothing_is_its_number_in_the_same_shape) {
    EXPECT_EQ(simple("a / a"), "1");
    EXPECT_EQ(simple("sum(u / u)"), "sum(broadcast(1, shape=[3]))");
}

// --- sums -------------------------------------------------------------------------------------

TEST(SimplifySum, adds_like_terms) {
    EXPECT_EQ(simple("a + a"), "2 * a");
    EXPECT_EQ(simple("a * b + 2 * b * a"), "3 * a * b");
    EXPECT_EQ(simple("a + b - a"), "b");
    EXPECT_EQ(simple("a - a"), "0");
    EXPECT_EQ(simple("2 + a + 3"), "5 + a");
    EXPECT_EQ(simple("a / 2 + a / 2"), "a");
    EXPECT_EQ(simple("a / 3 + a / 6"), "a / 2");
}

TEST(SimplifySum, starts_with_a_positive_term) {
    EXPECT_EQ(simple("-a + b"), "b - a");
    EXPECT_EQ(simple("-a - b + c - d"), "c - a - b - d");
    EXPECT_EQ(simple("-a - b"), "-a - b");
}

TEST(SimplifySum, unfolds_brackets_of_sums) {
    EXPECT_EQ(simple("a - (b - c)"), "a - b + c");
    EXPECT_EQ(simple("(a + b) - (a - b)"), "2 * b");
    EXPECT_EQ(simple("-(a + b) + c"), "c - a - b");
}

TEST(SimplifySum, keeps_products_of_sums) {
    EXPECT_EQ(simple("a * (b + c)"), "a * (b + c)");
    EXPECT_EQ(simple("(1 - a) * a"), "(1 - a) * a");
}

TEST(SimplifySum, of_fractions_becomes_one_where_that_is_shorter) {
    EXPECT_EQ(simple("-(y / a) + (1 - y) / (1 - a)"), "(a - y) / (a * (1 - a))");
    EXPECT_EQ(simple("a / b + c / d"), "a / b + c / d");
    EXPECT_EQ(simple("1 / a - 1 / a"), "0");
}

// --- matrices ---------------------------------------------------------------------------------

TEST(SimplifyMatrix, transposes_and_numbers) {
    EXPECT_EQ(simple("A''"), "A");
    EXPECT_EQ(simple("(A @ B)'"), "B' @ A'");
    EXPECT_EQ(simple("(A @ B @ C)'"), "C' @ (B' @ A')");
    EXPECT_EQ(simple("(2 * A) @ u"), "2 * (A @ u)");
    EXPECT_EQ(simple("(-A) @ (-B)"), "A @ B");
    EXPECT_EQ(simple("(u' @ v) @ A"), "u' @ v * A");
    // Of a vector and a matrix the product is a vector, and A' @ u' is none.
    EXPECT_EQ(simple("(u @ A)'"), "(u @ A)'");
}

TEST(SimplifyMatrix, factors_broadcast_as_before) {
    EXPECT_EQ(simple("2 * u * a * 3"), "6 * u * a");
    EXPECT_EQ(simple("A * u / u"), "A");
    EXPECT_EQ(simple("u * A / A"), "broadcast(u, shape=[3, 3])");
}

// --- derivatives as the textbook has them -----------------------------------------------------

TEST(TextbookDerivative, of_the_quadratic_loss) {
    EXPECT_EQ(derivative("weight a, y\nL = 1/2 * (a - y)^2", "L", "a"), "a - y");
    EXPECT_EQ(derivative("weight a, y\nL = 1/2 * (y - a)^2", "L", "a"), "a - y");
    EXPECT_EQ(derivative("weight a, y\nL = (a - y)^2 / 2", "L", "a"), "a - y");
    EXPECT_EQ(derivative("weight a, y\nL = (a - y)^2", "L", "a"), "2 * (a - y)");
}

TEST(TextbookDerivative, of_the_worksheet) {
    const std::string worksheet =
        "input x\ntarget y\nweight w1, w2\n"
        "z1 = x * w1\na1 = sigmoid(z1)\nz2 = a1 * w2\na2 = sigmoid(z2)\n"
        "L = 1/2 * (a2 - y)^2\n";
    EXPECT_EQ(derivative(worksheet, "L", "w2"), "(a2 - y) * a2 * (1 - a2) * a1");
    EXPECT_EQ(derivative(worksheet, "L", "w1"),
              "(a2 - y) * a2 * (1 - a2) * w2 * a1 * (1 - a1) * x");
}

TEST(TextbookDerivative, of_a_written_out_cross_entropy) {
    const std::string loss = "L = -(y * log(a) + (1 - y) * log(1 - a))\n";
    EXPECT_EQ(derivative("weight z, y\na = sigmoid(z)\n" + loss, "L", "z"), "a - y");
    EXPECT_EQ(derivative("weight w, x, y\nz = x * w\na = sigmoid(z)\n" + loss, "L", "w"),
              "(a - y) * x");
    EXPECT_EQ(derivative("weight z, y\na = sigmoid(z)\n"
                         "L = -y * log(a) - (1 - y) * log(1 - a)\n",
                         "L", "z"),
              "a - y");
    EXPECT_EQ(derivative("weight z, y\na = sigmoid(z)\n" + loss, "L", "a"),
              "(a - y) / (a * (1 - a))");
}

TEST(TextbookDerivative, of_softmax_and_cross_entropy) {
    EXPECT_EQ(derivative("weight z[3]\ntarget y: class(3)\nL = cross_entropy(z, y)\n", "L", "z"),
              "softmax(z) - one_hot(y)");
}

TEST(TextbookDerivative, of_elementary_functions) {
    const auto of = [](const std::string& formula) {
        return derivative("weight x, a\nL = " + formula, "L", "x");
    };
    EXPECT_EQ(of("x^3"), "3 * x^2");
    EXPECT_EQ(of("exp(-x)"), "-L") << "a rule uses the value that is there";
    EXPECT_EQ(of("log(x)"), "1 / x");
    EXPECT_EQ(of("sin(x) * cos(x)"), "cos(x)^2 - sin(x)^2");
    EXPECT_EQ(of("1 / x"), "-L / x");
    EXPECT_EQ(of("sin(a * x)"), "cos(a * x) * a");
    EXPECT_EQ(of("x"), "1");
    EXPECT_EQ(of("a"), "0");
    EXPECT_EQ(of("sqrt(x)"), "1 / (2 * L)");
}

TEST(TextbookDerivative, of_matrix_products_is_matrix_calculus) {
    const std::string layer = "weight W[2, 3], x[3], y[2]\nz = W @ x\nL = 1/2 * sum((z - y)^2)\n";
    EXPECT_EQ(derivative(layer, "L", "z"), "z - y");
    EXPECT_EQ(derivative(layer, "L", "W"), "(z - y) @ x'");
    EXPECT_EQ(derivative(layer, "L", "x"), "W' @ (z - y)");
}

// --- time -------------------------------------------------------------------------------------

// Anonymous nodes with 2^40 and more paths: each is looked at once.
TEST(SimplifySize, of_a_product_of_products_follows_nodes_not_paths) {
    Graph graph;
    const Expr a = weight(graph, "a");
    Expr power_of_a = a;
    for (int i = 0; i < 40; ++i) {
        power_of_a = power_of_a * power_of_a;
    }
    graph.outputs = {power_of_a.id};
    const Graph simple = simplify(graph);
    EXPECT_EQ(evaluate(simple, simple.outputs, {{*simple.find("a"), 1.0}})[0], Tensor(1));
    const double near_one = 1 + 0x1p-40;
    EXPECT_NEAR(evaluate(simple, simple.outputs, {{*simple.find("a"), near_one}})[0].data[0],
                std::exp(1), 1e-4);
}

TEST(SimplifySize, of_a_sum_of_sums_follows_nodes_not_paths) {
    Graph graph;
    const Expr a = weight(graph, "a");
    const Expr b = weight(graph, "b");
    Expr sum = a;
    for (int i = 0; i < 40; ++i) {
        sum = (sum + b) + sum;
    }
    EXPECT_EQ(simplified(graph, sum.id), "1099511627776 * a + 1099511627775 * b");
}

TEST(SimplifySize, of_the_gradient_of_a_ladder_follows_nodes_not_paths) {
    for (const std::string rung : {"+", "*"}) {
        std::string text = "weight x\na0 = x\n";
        for (int i = 0; i < 60; ++i) {
            const std::string a = "a" + std::to_string(i);
            text += "a" + std::to_string(i + 1) + " = " + a + " " + rung + " " + a + "\n";
        }
        EXPECT_LT(derivative(text, "a60", "x").size(), 2000u);
    }
}

}  // namespace
}  // namespace chainrule::tests
