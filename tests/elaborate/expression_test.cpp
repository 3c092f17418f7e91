// Expressions: operators, calls, arrays, indices; formulas in a network's scope.
#include <gtest/gtest.h>

#include <cmath>

#include "elaborate/network_text.h"

namespace chainrule::tests {
namespace {

Elaborated values(const std::string& text) {
    return network_of({.text = text, .needs_loss = false});
}

std::string formula_of(const std::string& expression) {
    return inlined(values("weight x, y, u[3], v[3], W[3,4]\nfunction f\nfunction sq(t) = t^2\n"
                          "constant c[3]\nr = " +
                          expression),
                   "r");
}

TEST(Expression, operators_are_ops) {
    EXPECT_EQ(formula_of("x + y * x - -y / 2"), "x + y * x - -y / 2");
    EXPECT_EQ(formula_of("u' @ v"), "u' @ v");
    EXPECT_EQ(formula_of("-2^2"), "-2^2");
    EXPECT_EQ(formula_of("x'"), "x");
    EXPECT_EQ(formula_of("(x < y) * (x != 2)"), "(x < y) * (x != 2)");
}

TEST(Expression, attributes_go_by_place_or_name) {
    EXPECT_EQ(formula_of("leaky_relu(x, 0.2)"), "leaky_relu(x, slope=0.2)");
    EXPECT_EQ(formula_of("leaky_relu(x, slope=1/5)"), "leaky_relu(x, slope=0.2)");
    EXPECT_EQ(formula_of("sum(W, axis=0)"), "sum(W, axis=0)");
    EXPECT_EQ(formula_of("sum(W, axis=[0, 1], keepdims=true)"), "sum(W, axis=[0, 1], keepdims=1)");
    EXPECT_EQ(formula_of("sum(W, -1)"), "sum(W, axis=-1)");
    EXPECT_EQ(formula_of("gelu(x, form=tanh)"), "gelu(x, form=tanh)");
    EXPECT_EQ(formula_of("reshape(W, shape=[2, 6])"), "reshape(W, shape=[2, 6])");
    EXPECT_EQ(formula_of("reshape(u[0:1], shape=[])"),
              "reshape(slice(u, start=0, stop=1), shape=[])");
}

TEST(Expression, an_op_without_operands_is_called_by_its_settings) {
    EXPECT_EQ(formula_of("eye(3) @ u"), "eye(3) @ u");
    EXPECT_EQ(formula_of("eye(rows=3)"), "eye(3)");
}

TEST(Expression, max_of_several_values_is_elementwise_and_of_one_a_reduction) {
    EXPECT_EQ(formula_of("max(u, 0)"), "max(u, 0)");
    EXPECT_EQ(formula_of("max(u)"), "max(u)");
    EXPECT_EQ(formula_of("min(W, axis=1)"), "min(W, axis=1)");
    EXPECT_EQ(formula_of("max(x, y, 2)"), "max(max(x, y), 2)");
    EXPECT_EQ(type_of(values("weight u[3]\na = max(u, 0)\nb = max(u)"), "a"), "f64[3]");
    EXPECT_EQ(type_of(values("weight u[3]\na = max(u, 0)\nb = max(u)"), "b"), "f64");
}

TEST(Expression, arrays_of_numbers_are_constants_and_others_are_stacked) {
    EXPECT_EQ(formula_of("[[1, 2], [3, -4]]"), "[[1, 2], [3, -4]]");
    EXPECT_EQ(formula_of("[x, 2 * y]"), "stack(x, 2 * y)");
    EXPECT_EQ(formula_of("c * [1, 2, 3]"), "c * [1, 2, 3]");
}

TEST(Expression, indices_count_from_0_and_from_the_end) {
    EXPECT_EQ(formula_of("u[0] + u[-1]"), "gather(u, 0) + gather(u, 2)");
    EXPECT_EQ(formula_of("u[1:]"), "slice(u, start=1, stop=3)");
    EXPECT_EQ(formula_of("u[:]"), "u");
    EXPECT_EQ(formula_of("W[1, 2]"), "gather(gather(W, 1), 2)");
    EXPECT_EQ(formula_of("W[:, 1:3]"), "slice(W, start=1, stop=3, axis=1)");
    EXPECT_EQ(type_of(values("weight W[3,4]\na = W[1]\nb = W[:,2]\nc = W[1,2]"), "b"), "f64[3]");
}

TEST(Expression, a_label_selects_an_element) {
    EXPECT_EQ(inlined(values("weight u[3]\ntarget k: class(3)\nr = u[k]"), "r"), "gather(u, k)");
}

TEST(Expression, pi_is_a_constant_unless_defined) {
    EXPECT_EQ(formula_of("2 * pi"), "2 * pi");
    EXPECT_EQ(inlined(values("weight pi\nr = pi"), "r"), "pi");
}

TEST(Expression, an_abstract_function_of_one_tensor_is_elementwise_and_a_loss_reduces) {
    const Elaborated net = network_of(
        {"weight u[3]\ntarget y[3]\nfunction g, L, P\na = g(u)\nloss L(a, y) + P(g(a))"});
    EXPECT_EQ(type_of(net, "a"), "f64[3]");
    EXPECT_EQ(type_of(net, "Loss"), "f64");
    EXPECT_EQ(formula_in(net, "L(a, y)"), "L(a, y)");
    EXPECT_EQ(formula_in(net, "sum(D(L, 1)(a, y) * g'(u))"), "sum(D(L, 1)(a, y) * g'(u))");
}

TEST(Expression, a_users_function_hides_an_op_of_its_name) {
    const Elaborated net =
        values("weight x\nfunction sigmoid(z) = 1 / (1 + exp(-z))\na = sigmoid(x)");
    EXPECT_EQ(written(net, "a"), "sigmoid(x)");
    EXPECT_EQ(inlined(net, "a"), "1 / (1 + exp(-x))");
}

TEST(Expression, written_calls_nest) {
    const Elaborated net = values(
        "weight x\nfunction f(z) = z^2\nfunction g(z) = f(z) + 1\nfunction same(z) = z\n"
        "a = g(x)\nb = f(f(x) + 1)\nc = same(x * 2)");
    EXPECT_EQ(written(net, "a"), "g(x)");
    EXPECT_EQ(inlined(net, "a"), "x^2 + 1");
    EXPECT_EQ(written(net, "b"), "f(g(x))") << "equal nodes are one: f(x) + 1 is g(x)";
    EXPECT_EQ(written(net, "c"), "x * 2");
}

TEST(Derivative, of_an_abstract_function_is_a_symbol) {
    EXPECT_EQ(formula_of("f'(x) + f''(u[0])"), "f'(x) + f''(gather(u, 0))");
}

TEST(Derivative, of_a_given_function_is_its_rule) {
    const Elaborated net = values(
        "weight x, y\nfunction sq(t) = t^2\nfunction p(a, b) = a^2 * b\n"
        "function s = sigmoid\nr = x * y");
    const std::map<std::string, double> at{{"x", 0.7}, {"y", 2}};
    const double s = 1 / (1 + std::exp(-0.7));
    EXPECT_DOUBLE_EQ(value_in(net, "sq'(x)", at), 1.4);
    EXPECT_DOUBLE_EQ(value_in(net, "sq''(x)", at), 2);
    EXPECT_DOUBLE_EQ(value_in(net, "sq'(2)", at), 4) << "the 2 of t^2 is not the argument";
    EXPECT_DOUBLE_EQ(value_in(net, "s'(x)", at), s * (1 - s));
    EXPECT_DOUBLE_EQ(value_in(net, "sin''(x)", at), -std::sin(0.7));
    EXPECT_DOUBLE_EQ(value_in(net, "D(p, 1)(x, y)", at), 2 * 0.7 * 2);
    EXPECT_DOUBLE_EQ(value_in(net, "D(p, 1, 2)(x, y)", at), 1.4);
    EXPECT_DOUBLE_EQ(value_in(net, "D(p, 1)(x, x)", at), 2 * 0.7 * 0.7) << "the other stays";
    EXPECT_DOUBLE_EQ(value_in(net, "leaky_relu'(-x, slope=0.3)", at), 0.3);
}

TEST(Partial, a_quotient_of_differentials_is_a_partial_derivative) {
    const Elaborated net =
        network_of({"input x\ntarget y\nweight w\nz = x * w\na = tanh(z)\n"
                    "loss (a - y)^2"});
    const std::map<std::string, double> at{{"x", 0.5}, {"y", 1}, {"w", 0.8}};
    const double a = std::tanh(0.4);
    EXPECT_DOUBLE_EQ(value_in(net, "dz/dw", at), 0.5);
    EXPECT_DOUBLE_EQ(value_in(net, "dLoss/da * da/dz * dz/dw", at),
                     2 * (a - 1) * (1 - a * a) * 0.5);
    EXPECT_DOUBLE_EQ(value_in(net, "x * -da/dz", at), -0.5 * (1 - a * a));
    EXPECT_DOUBLE_EQ(value_in(net, "-da/dz", at), -(1 - a * a));
    EXPECT_DOUBLE_EQ(value_in(net, "1 - dz/dw / 2", at), 0.75);
    EXPECT_DOUBLE_EQ(value_in(net, "∂a/∂z", at), 1 - a * a);
    EXPECT_DOUBLE_EQ(value_in(net, "dLoss/dw", at), 2 * (a - 1) * (1 - a * a) * 0.5)
        << "Loss does not mention w: the derivative is the total one";
}

TEST(Partial, holds_the_other_named_nodes_fixed) {
    const Elaborated net = network_of({"weight w\na = w^2\nb = a + w\nloss a * b"});
    const std::map<std::string, double> at{{"w", 3}};
    EXPECT_DOUBLE_EQ(value_in(net, "dLoss/da", at), 12) << "b is held, though it depends on a";
    EXPECT_DOUBLE_EQ(value_in(net, "db/dw", at), 1);
}

TEST(Partial, is_elementwise_for_tensors_and_no_matrix) {
    const Elaborated net =
        network_of({"input x[2]\nweight W[2,2]\nz = W @ x\na = sigmoid(z)\nloss sum(a)"});
    EXPECT_EQ(formula_in(net, "dLoss/da"), "broadcast(1, shape=[2])");
    EXPECT_EQ(formula_in(net, "delta * da/dz", {{"delta", "a - 1"}}),
              "(a - 1) * (1 * a * (1 - a))");
    EXPECT_EQ(formula_in(net, "dz/dx"),
              "answer:1:1: error: dz/dx is not one number for each element: z is [2] and x is [2]\n"
              "  1 | dz/dx\n"
              "    | ^~~~~\n");
}

TEST(Partial, what_is_bound_by_the_caller_comes_first_and_values_win) {
    const Elaborated net = network_of({"weight w, dz, dw\nz = w^2\nloss z + dz + dw"});
    EXPECT_EQ(formula_in(net, "dz/dw"), "dz / dw");
    EXPECT_EQ(formula_in(net, "dLoss/dw", {{"dLoss/dw", "w * 3"}}), "w * 3");
}

TEST(Partial, names_that_are_nothing_are_errors) {
    const Elaborated net = network_of({"weight w\nz1 = w^2\nloss z1"});
    EXPECT_EQ(formula_in(net, "dz2/dw"),
              "answer:1:1: error: dz2/dw speaks of z2, which is no value; did you mean z1?\n"
              "  1 | dz2/dw\n"
              "    | ^~~~~~\n");
    EXPECT_EQ(formula_in(net, "2 * dz1"),
              "answer:1:5: error: unknown name dz1; did you mean z1?\n"
              "  1 | 2 * dz1\n"
              "    |     ^~~\n");
}

}  // namespace
}  // namespace chainrule::tests
