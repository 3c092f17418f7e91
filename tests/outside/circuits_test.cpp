// Scalar circuits whose gradients others have published, asked of the program.
#include <gtest/gtest.h>

#include "support/explained.h"

namespace chainrule::tests {
namespace {

using Json = nlohmann::json;

double forward(const Json& json, const std::string& node) {
    return record(json["forward"], "node", node)["value"];
}

std::string formula(const Json& json, const std::string& of) {
    return record(json["gradients"], "of", of)["expr"];
}

// --- Stanford CS231n, "Backpropagation, Intuitions", https://cs231n.github.io/optimization-2/ ---

TEST(Cs231n, a_sum_into_a_product_has_the_gradients_minus_4_minus_4_and_3) {
    const Json json =
        explained("input x, y, z\nq = x + y\nf = q * z\nloss f\n",
                  {"--wrt", "x,y,z,q", "--at", "x=-2", "--at", "y=5", "--at", "z=-4"});
    EXPECT_EQ(forward(json, "q"), 3);
    EXPECT_EQ(forward(json, "f"), -12);
    EXPECT_EQ(value_of_gradient(json, "x"), -4);
    EXPECT_EQ(value_of_gradient(json, "y"), -4);
    EXPECT_EQ(value_of_gradient(json, "z"), 3);
    EXPECT_EQ(value_of_gradient(json, "q"), -4);
    EXPECT_EQ(formula(json, "q"), "z");
    EXPECT_EQ(formula(json, "z"), "q");
}

const std::vector<std::string> neuron_values{"--at",  "w0=2", "--at",  "w1=-3", "--at",
                                             "w2=-3", "--at", "x0=-1", "--at",  "x1=-2"};

// The figure's numbers, at two digits, then those that the code below it computes.
TEST(Cs231n, the_sigmoid_neuron_gate_by_gate_has_the_figures_gradients) {
    std::vector<std::string> options = neuron_values;
    options.insert(options.end(), {"--wrt", "w0,w1,w2,x0,x1,dot,minus,power,plus"});
    const Json json = explained(
        "input x0, x1\nweight w0, w1, w2\ndot = w0 * x0 + w1 * x1 + w2\nminus = -dot\n"
        "power = exp(minus)\nplus = power + 1\nf = 1 / plus\nloss f\n",
        options);
    EXPECT_NEAR(forward(json, "dot"), 1.00, 0.005);
    EXPECT_NEAR(forward(json, "power"), 0.37, 0.005);
    EXPECT_NEAR(forward(json, "plus"), 1.37, 0.005);
    EXPECT_NEAR(forward(json, "f"), 0.73, 0.005);
    EXPECT_NEAR(value_of_gradient(json, "plus"), -0.53, 0.005);
    EXPECT_NEAR(value_of_gradient(json, "power"), -0.53, 0.005);
    EXPECT_NEAR(value_of_gradient(json, "minus"), -0.20, 0.005);
    EXPECT_NEAR(value_of_gradient(json, "dot"), 0.20, 0.005);
    EXPECT_NEAR(value_of_gradient(json, "w0"), -0.20, 0.005);
    EXPECT_NEAR(value_of_gradient(json, "x0"), 0.39, 0.005);
    EXPECT_NEAR(value_of_gradient(json, "w1"), -0.39, 0.005);
    EXPECT_NEAR(value_of_gradient(json, "x1"), -0.59, 0.005);
    EXPECT_NEAR(value_of_gradient(json, "w2"), 0.20, 0.005);
}

TEST(Cs231n, the_sigmoid_neuron_as_one_gate_backs_up_through_1_minus_f_times_f) {
    const Json json = explained(
        "input x0, x1\nweight w0, w1, w2\ndot = w0 * x0 + w1 * x1 + w2\nf = sigmoid(dot)\nloss f\n",
        neuron_values);
    EXPECT_EQ(formula(json, "w0"), "f * (1 - f) * x0");
    EXPECT_NEAR(value_of_gradient(json, "w0"), -0.19661193324148185, 1e-16);
    EXPECT_NEAR(value_of_gradient(json, "w1"), -0.3932238664829637, 1e-16);
    EXPECT_NEAR(value_of_gradient(json, "w2"), 0.19661193324148185, 1e-16);
}

// The notes give the circuit and its staged code; the numbers are that code's.
TEST(Cs231n, the_staged_expression_has_the_gradients_of_its_code) {
    const Json json = explained(
        "input x, y\nsigy = 1 / (1 + exp(-y))\nnum = x + sigy\nsigx = 1 / (1 + exp(-x))\n"
        "xpy = x + y\nxpysqr = xpy^2\nden = sigx + xpysqr\ninvden = 1 / den\nf = num * invden\n"
        "loss f\n",
        {"--wrt", "x,y", "--at", "x=3", "--at", "y=-4"});
    EXPECT_NEAR(forward(json, "f"), 1.5456448841066441, 1e-15);
    EXPECT_NEAR(value_of_gradient(json, "x"), 2.0595697955721652, 1e-14);
    EXPECT_NEAR(value_of_gradient(json, "y"), 1.5922327514838093, 1e-14);
}

// The notes' three gates: addition distributes, max routes, multiplication switches.
TEST(Cs231n, add_max_and_multiply_gates_send_back_what_the_figure_shows) {
    const Json json = explained(
        "input x, y, z, w\np = x * y\nm = max(z, w)\ns = p + m\nf = s * 2\nloss f\n",
        {"--wrt", "x,y,z,w", "--at", "x=3", "--at", "y=-4", "--at", "z=2", "--at", "w=-1"});
    EXPECT_EQ(forward(json, "f"), -20);
    EXPECT_EQ(value_of_gradient(json, "x"), -8);
    EXPECT_EQ(value_of_gradient(json, "y"), 6);
    EXPECT_EQ(value_of_gradient(json, "z"), 2);
    EXPECT_EQ(value_of_gradient(json, "w"), 0);
}

// --- Andrej Karpathy, micrograd, https://github.com/karpathy/micrograd ---------------------------

TEST(Micrograd, the_readmes_example_has_the_numbers_that_it_prints) {
    const Json json = explained(
        "input a, b\nc1 = a + b\nd1 = a * b + b^3\nc2 = c1 + c1 + 1\nc3 = c2 + 1 + c2 + (-a)\n"
        "d2 = d1 + d1 * 2 + relu(b + a)\nd3 = d2 + 3 * d2 + relu(b - a)\ne = c3 - d3\nf = e^2\n"
        "g = f / 2 + 10 / f\nloss g\n",
        {"--wrt", "a,b", "--at", "a=-4", "--at", "b=2"});
    EXPECT_NEAR(forward(json, "g"), 24.7041, 5e-5);
    EXPECT_NEAR(value_of_gradient(json, "a"), 138.8338, 5e-5);
    EXPECT_NEAR(value_of_gradient(json, "b"), 645.5773, 5e-5);
}

// test/test_engine.py, test_sanity_check, which compares with PyTorch.
TEST(Micrograd, the_sanity_check_is_minus_20_with_the_slope_46) {
    const Json json = explained(
        "input x\nz = 2 * x + 2 + x\nq = relu(z) + z * x\nh = relu(z * z)\ny = h + q + q * x\n"
        "loss y\n",
        {"--wrt", "x", "--at", "x=-4"});
    EXPECT_EQ(forward(json, "y"), -20);
    EXPECT_EQ(value_of_gradient(json, "x"), 46);
}

// Lecture "The spelled-out intro to neural networks and backpropagation" (2022): the tanh neuron.
TEST(Micrograd, the_lectures_tanh_neuron_has_the_gradients_of_its_drawing) {
    const Json json = explained(
        "input x1, x2\nweight w1, w2, b\nn = x1 * w1 + x2 * w2 + b\no = tanh(n)\nloss o\n",
        {"--wrt", "x1,x2,w1,w2,b", "--at", "x1=2", "--at", "x2=0", "--at", "w1=-3", "--at", "w2=1",
         "--at", "b=6.8813735870195432"});
    EXPECT_NEAR(forward(json, "n"), 0.8814, 5e-5);
    EXPECT_NEAR(forward(json, "o"), 0.7071, 5e-5);
    EXPECT_NEAR(value_of_gradient(json, "x1"), -1.5, 1e-12);
    EXPECT_NEAR(value_of_gradient(json, "w1"), 1.0, 1e-12);
    EXPECT_NEAR(value_of_gradient(json, "x2"), 0.5, 1e-12);
    EXPECT_EQ(value_of_gradient(json, "w2"), 0);
    EXPECT_NEAR(value_of_gradient(json, "b"), 0.5, 1e-12);
}

// --- automatic differentiation -------------------------------------------------------------------

// Baydin, Pearlmutter, Radul and Siskind, "Automatic Differentiation in Machine Learning: a
// Survey", JMLR 18 (2018), tables 2 and 3: the adjoints of every intermediate variable at (2, 5).
TEST(Baydin, the_surveys_trace_has_its_adjoints) {
    const Json json = explained(
        "input v_1, v0\nv1 = log(v_1)\nv2 = v_1 * v0\nv3 = sin(v0)\nv4 = v1 + v2\nv5 = v4 - v3\n"
        "loss v5\n",
        {"--wrt", "v_1,v0,v1,v2,v3,v4", "--at", "v_1=2", "--at", "v0=5"});
    EXPECT_NEAR(forward(json, "v1"), 0.693, 5e-4);
    EXPECT_EQ(forward(json, "v2"), 10);
    EXPECT_NEAR(forward(json, "v3"), -0.959, 5e-4);
    EXPECT_NEAR(forward(json, "v4"), 10.693, 5e-4);
    EXPECT_NEAR(forward(json, "v5"), 11.652, 5e-4);
    EXPECT_EQ(value_of_gradient(json, "v4"), 1);
    EXPECT_EQ(value_of_gradient(json, "v3"), -1);
    EXPECT_EQ(value_of_gradient(json, "v2"), 1);
    EXPECT_EQ(value_of_gradient(json, "v1"), 1);
    EXPECT_NEAR(value_of_gradient(json, "v0"), 1.716, 5e-4);
    EXPECT_EQ(value_of_gradient(json, "v_1"), 5.5);
}

// The n-th derivative of `f` at x = 1: what is printed as a derivative is derived again.
double nth_derivative(const std::string& f, int n) {
    std::string network = "input x\nf0 = " + f + "\n";
    for (int i = 0; i + 1 < n; ++i) {
        const std::string name = "f" + std::to_string(i);
        const Json json = explained(network + "loss " + name + "\n", {"--wrt", "x"});
        network += "f" + std::to_string(i + 1) + " = " + formula(json, "x") + "\n";
    }
    return value_of_gradient(
        explained(network + "loss f" + std::to_string(n - 1) + "\n", {"--wrt", "x", "--at", "x=1"}),
        "x");
}

// JAX, "Autodidax: JAX core from scratch", https://docs.jax.dev/en/latest/autodidax.html: f at 3.0
// prints 2.7177599838802657, its derivative 2.979984993200891.
TEST(Jax, autodidaxs_first_function_has_its_value_and_its_derivative) {
    const Json json =
        explained("input x\ny = sin(x) * 2\nz = -y + x\nloss z\n", {"--wrt", "x", "--at", "x=3"});
    EXPECT_NEAR(forward(json, "z"), 2.7177599838802657, 1e-15);
    EXPECT_NEAR(value_of_gradient(json, "x"), 2.979984993200891, 1e-15);
}

// JAX, "Quickstart" (https://docs.jax.dev): sum_logistic over 0, 1, 2 prints [0.25, 0.19661194,
// 0.10499357] in single precision; its third derivative at 1 prints -0.0353256.
TEST(Jax, the_quickstarts_sum_of_logistics_has_its_derivatives) {
    const Json json =
        explained("input x[3]\nloss sum(1 / (1 + exp(-x)))\n", {"--wrt", "x", "--at", "x=[0,1,2]"});
    const std::vector<double> slopes = record(json["gradients"], "of", "x")["value"];
    ASSERT_EQ(slopes.size(), 3U);
    EXPECT_NEAR(slopes[0], 0.25, 1e-15);
    EXPECT_NEAR(slopes[1], 0.19661194, 2e-8);
    EXPECT_NEAR(slopes[2], 0.10499357, 2e-8);

    EXPECT_NEAR(nth_derivative("1 / (1 + exp(-x))", 3), -0.0353256, 1e-7);
}

// JAX's README: grad(tanh)(1.0) prints 0.4199743, and the third derivative 0.62162673.
TEST(Jax, the_readmes_derivatives_of_tanh_are_those_of_what_is_printed) {
    EXPECT_NEAR(nth_derivative("tanh(x)", 1), 0.4199743, 5e-8);
    EXPECT_NEAR(nth_derivative("tanh(x)", 3), 0.62162673, 5e-8);
}

// PyTorch, "A Gentle Introduction to torch.autograd" and its older form, "Autograd".
TEST(PyTorch, the_tutorials_quadratic_has_the_gradients_9_a_squared_and_minus_2_b) {
    const Json json = explained("weight a[2], b[2]\nQ = 3 * a^3 - b^2\nloss sum(Q)\n",
                                {"--at", "a=[2,3]", "--at", "b=[6,4]"});
    EXPECT_EQ(record(json["gradients"], "of", "a")["value"], Json({36, 81}));
    EXPECT_EQ(record(json["gradients"], "of", "b")["value"], Json({-12, -8}));
}

TEST(PyTorch, the_tutorials_mean_of_27_has_gradients_of_4_and_a_half) {
    const Json json =
        explained("weight x[2,2]\ny = x + 2\nz = y * y * 3\nout = mean(z)\nloss out\n",
                  {"--at", "x=[[1,1],[1,1]]"});
    EXPECT_EQ(forward(json, "out"), 27);
    EXPECT_EQ(record(json["gradients"], "of", "x")["value"], (Json{{4.5, 4.5}, {4.5, 4.5}}));
}

}  // namespace
}  // namespace chainrule::tests
