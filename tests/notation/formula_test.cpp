// Formulas letter for letter: the brackets that precedence asks for, and no others.
#include "notation/formula.h"

#include <gtest/gtest.h>

#include "lang/diagnostic.h"
#include "ops/build.h"
#include "support/leaves.h"
#include "support/texts.h"

namespace chainrule::tests {
namespace {

constexpr const char* names =
    "weight a, b, c, x, y, z, w1, alpha\n"
    "weight u[3], v[3], A[3, 3], B[3, 3], C[2, 3]\n"
    "target t: class(3)\n";

std::string written(const std::string& formula, const FormulaOptions& options = {}) {
    const Elaborated network = elaborated(names);
    Graph graph = network.network.graph;
    return write_formula(graph, expression(network, graph, formula).id, options);
}

std::string latex(const std::string& formula) {
    return written(formula, {.script = Script::latex});
}

// Formulas that are written as they were read.
void expect_fixed(const std::vector<std::string>& formulas) {
    for (const std::string& formula : formulas) {
        EXPECT_EQ(written(formula), formula);
    }
}

TEST(Formula, keeps_brackets_that_matter) {
    expect_fixed({"a - (b - c)", "a - (b + c)", "a * (b + c)",   "(a + b) * c", "a / (b * c)",
                  "a / (b / c)", "a * (b / c)", "a * (b * c)",   "a + (b + c)", "(a^b)^c",
                  "(a * b)^2",   "(-a)^2",      "-(a + b)",      "(a < b) + c", "(a < b) * (b < c)",
                  "(a < b) < c", "a < (b < c)", "(a == b) != c", "2^(a + b)",   "(A @ u)'",
                  "(u + v)'",    "A @ (B @ u)", "a * (u' @ v)",  "A @ (u + v)", "u' @ (A @ v)"});
}

TEST(Formula, drops_brackets_that_do_not) {
    EXPECT_EQ(written("(a - b) - c"), "a - b - c");
    EXPECT_EQ(written("(a * b) * c"), "a * b * c");
    EXPECT_EQ(written("(a * b) / c"), "a * b / c");
    EXPECT_EQ(written("(a / b) * c"), "a / b * c");
    EXPECT_EQ(written("a + (b * c)"), "a + b * c");
    EXPECT_EQ(written("a^(b^c)"), "a^b^c");
    EXPECT_EQ(written("(a)^(2)"), "a^2");
    EXPECT_EQ(written("-(a^2)"), "-a^2");
    EXPECT_EQ(written("sin((a + b))"), "sin(a + b)");
    EXPECT_EQ(written("(A @ B) @ u"), "A @ B @ u");
    EXPECT_EQ(written("(a + b) < (c * x)"), "a + b < c * x");
}

TEST(Formula, writes_a_minus_where_it_binds) {
    expect_fixed({"a * -b", "a - -b", "a^(-b)", "-a + b", "2 - -a", "a / -b", "-sin(a)"});
    EXPECT_EQ(written("-a'"), "-a") << "a scalar is its own transpose";
}

TEST(Formula, writes_calls_with_the_attributes_that_are_not_defaults) {
    expect_fixed({"sum(C)", "sum(C, axis=0)", "sum(C, axis=[0, 1])", "sum(C, axis=1, keepdims=1)",
                  "softmax(u)", "softmax(C, axis=0)", "max(a, b)", "max(C, axis=1)",
                  "clip(a, low=0, high=1)", "where(a < b, x, y)", "sigmoid(a)",
                  "cross_entropy(u, t)", "one_hot(t)", "leaky_relu(a, slope=0.2)", "abs(a)",
                  "atan2(a, b)"});
}

TEST(Formula, writes_numbers_so_that_they_read_back) {
    expect_fixed({"1/2 * a", "0.1 * a", "1e-300 * a", "1e+300 * a", "a / 2", "3 * a^2", "pi * a",
                  "a * -2", "a^(-2)", "0.30000000000000004 * a"});
    EXPECT_EQ(written("0.50 * a"), "0.5 * a");
    EXPECT_EQ(written("u + [1, 2, 3]"), "u + [1, 2, 3]");
    EXPECT_EQ(written("C + [[1, 2, 3], [-4, 5, 6]]"), "C + [[1, 2, 3], [-4, 5, 6]]");
}

TEST(Formula, leaves_out_what_the_language_inserts) {
    expect_fixed({"u * a", "C + u", "1 - u", "t + 1", "u > 0"});
    expect_fixed({"sum(broadcast(a, shape=[3]))"});
}

TEST(Formula, stops_at_names_unless_told_to_go_on) {
    const Elaborated network = elaborated("weight x, w\nz = x * w\na = sigmoid(z)\nL = a^2\n");
    const Graph& graph = network.network.graph;
    const NodeId loss = *graph.find("L");
    EXPECT_EQ(write_formula(graph, loss), "L");
    EXPECT_EQ(write_formula(graph, loss, {.definition = true}), "a^2");
    FormulaOptions all;
    all.unfold = [](NodeId) { return true; };
    EXPECT_EQ(write_formula(graph, loss, all), "sigmoid(x * w)^2");
    FormulaOptions some;
    some.unfold = [&](NodeId id) { return graph.name(id) != "z"; };
    EXPECT_EQ(write_formula(graph, loss, some), "sigmoid(z)^2");
}

TEST(Formula, writes_calls_as_the_user_wrote_them_on_demand) {
    const Elaborated network =
        elaborated("weight z\nfunction swish(u) = u * sigmoid(u)\na = swish(z) + 1\n");
    const Graph& graph = network.network.graph;
    const NodeId a = *graph.find("a");
    EXPECT_EQ(write_formula(graph, a, {.definition = true}), "z * sigmoid(z) + 1");
    EXPECT_EQ(write_formula(graph, a, {.definition = true, .as_written = every_call}),
              "swish(z) + 1");
}

TEST(Formula, writes_abstract_functions_and_their_derivatives) {
    const Elaborated network = elaborated(
        "weight z, y\nfunction g, Loss\na = g(z)\nb = g(y)\n"
        "loss Loss(a, y)\n");
    Graph graph = network.network.graph;
    for (const std::string formula :
         {"g(z)", "g'(z)", "g''(a + b)", "D(Loss, 1)(a, y)", "D(Loss, 1, 2)(a, y)"}) {
        EXPECT_EQ(write_formula(graph, expression(network, graph, formula).id), formula);
    }
}

TEST(Formula, size_counts_repetitions_and_saturates) {
    Graph graph;
    const Expr a = weight(graph, "a");
    Expr sum = a;
    for (int i = 0; i < 3; ++i) {
        sum = sum + sum;
    }
    EXPECT_EQ(formula_size(graph, sum.id), 15u);
    for (int i = 0; i < 60; ++i) {
        sum = sum + sum;
    }
    EXPECT_GE(formula_size(graph, sum.id), max_formula_size);
    EXPECT_THROW(write_formula(graph, sum.id), UnsupportedError);
}

TEST(Formula, of_a_long_chain_is_written_in_its_length) {
    Graph graph;
    const Expr a = weight(graph, "a");
    Expr sum = a;
    for (int i = 0; i < 100000; ++i) {
        sum = sum + a;
    }
    EXPECT_EQ(write_formula(graph, sum.id).size(), 4 * 100000u + 1);
}

// --- LaTeX ------------------------------------------------------------------------------------

TEST(LatexFormula, sets_fractions_powers_and_roots) {
    EXPECT_EQ(latex("a / (b + c)"), "\\frac{a}{b + c}");
    EXPECT_EQ(latex("x^(a + 1)"), "{x}^{a + 1}");
    EXPECT_EQ(latex("(a + b)^2"), "{(a + b)}^{2}");
    EXPECT_EQ(latex("sqrt(a + b)"), "\\sqrt{a + b}");
    EXPECT_EQ(latex("exp(a)"), "\\exp(a)");
}

TEST(LatexFormula, brackets_grow_with_fractions) {
    EXPECT_EQ(latex("(a / b + c)^2"), "{\\left(\\frac{a}{b} + c\\right)}^{2}");
    EXPECT_EQ(latex("a * (b + c)"), "a \\cdot (b + c)");
}

TEST(LatexFormula, sets_names_and_transposes) {
    EXPECT_EQ(latex("alpha * w1"), "\\alpha \\cdot w_1");
    EXPECT_EQ(latex("A' @ u"), "A^\\top \\, u");
}

}  // namespace
}  // namespace chainrule::tests
