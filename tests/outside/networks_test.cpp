// Networks that textbooks and courses work through, with their numbers or their formulas.
#include <gtest/gtest.h>

#include <map>

#include "support/explained.h"

namespace chainrule::tests {
namespace {

using Json = nlohmann::json;

double updated(const Json& json, const std::string& weight) {
    return record(json["update"], "weight", weight)["value"];
}

// --- Mazur ---------------------------------------------------------------------------------------

// Matt Mazur, "A Step by Step Backpropagation Example" (2015),
// https://mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example/. Biases are kept.
const std::string mazur = R"(
    input i1, i2
    target t1, t2
    weight w1, w2, w3, w4, w5, w6, w7, w8
    constant b1 = 0.35, b2 = 0.60
    net_h1 = w1 * i1 + w2 * i2 + b1
    net_h2 = w3 * i1 + w4 * i2 + b1
    h1 = sigmoid(net_h1)
    h2 = sigmoid(net_h2)
    net_o1 = w5 * h1 + w6 * h2 + b2
    net_o2 = w7 * h1 + w8 * h2 + b2
    o1 = sigmoid(net_o1)
    o2 = sigmoid(net_o2)
    E1 = 1/2 * (t1 - o1)^2
    E2 = 1/2 * (t2 - o2)^2
    E = E1 + E2
    loss E
)";

std::vector<std::string> mazurs_values() {
    std::vector<std::string> options{"--rate", "0.5"};
    for (const char* value : {"i1=0.05", "i2=0.10", "t1=0.01", "t2=0.99", "w1=0.15", "w2=0.20",
                              "w3=0.25", "w4=0.30", "w5=0.40", "w6=0.45", "w7=0.50", "w8=0.55"}) {
        options.insert(options.end(), {"--at", value});
    }
    return options;
}

TEST(Mazur, the_forward_pass_has_his_nine_digits) {
    const Json json = explained(mazur, mazurs_values());
    const std::vector<std::pair<std::string, double>> his{
        {"net_h1", 0.3775},      {"h1", 0.593269992}, {"h2", 0.596884378},
        {"net_o1", 1.105905967}, {"o1", 0.75136507},  {"o2", 0.772928465},
        {"E1", 0.274811083},     {"E2", 0.023560026}, {"E", 0.298371109}};
    for (const auto& [node, value] : his) {
        EXPECT_NEAR(record(json["forward"], "node", node)["value"], value, 1e-9) << node;
    }
}

TEST(Mazur, the_chain_to_w5_has_his_three_factors) {
    const Json json = explained(mazur, mazurs_values());
    const Json& gradient = record(json["gradients"], "of", "w5");
    EXPECT_NEAR(gradient["value"], 0.082167041, 1e-9);
    std::map<std::string, double> partials;
    for (const Json& partial : gradient["partials"]) {
        partials[partial["d"].get<std::string>() + "/" + partial["by"].get<std::string>()] =
            partial.value("value", 0.0);
    }
    EXPECT_NEAR(partials["E1/o1"], 0.74136507, 1e-8);
    EXPECT_NEAR(partials["o1/net_o1"], 0.186815602, 1e-9);
    EXPECT_NEAR(partials["net_o1/w5"], 0.593269992, 1e-9);
}

TEST(Mazur, the_gradient_of_w1_sums_over_both_outputs_to_his_number) {
    const Json json = explained(mazur, mazurs_values());
    const Json& gradient = record(json["gradients"], "of", "w1");
    EXPECT_EQ(gradient["paths"].size(), 2U);
    EXPECT_NEAR(gradient["value"], 0.000438568, 1e-9);
}

TEST(Mazur, one_step_of_half_the_gradient_gives_his_eight_weights) {
    const Json json = explained(mazur, mazurs_values());
    const std::vector<std::pair<std::string, double>> his{
        {"w1", 0.149780716}, {"w2", 0.19956143},  {"w3", 0.24975114},  {"w4", 0.29950229},
        {"w5", 0.35891648},  {"w6", 0.408666186}, {"w7", 0.511301270}, {"w8", 0.561370121}};
    for (const auto& [weight, value] : his) {
        EXPECT_NEAR(updated(json, weight), value, 1e-8) << weight;
    }
}

// His formula of the delta rule, as an answer to mark.
TEST(Mazur, the_delta_rule_that_he_writes_is_marked_right) {
    EXPECT_EQ(marks(mazur,
                    "dE/dw5 = -(t1 - o1) * o1 * (1 - o1) * h1\n"
                    "delta_o1 = -(t1 - o1) * o1 * (1 - o1)\n"
                    "dE/dw5 = delta_o1 * h1\n"
                    "dE/dh1 = dE1/dh1 + dE2/dh1\n"
                    "dE/dw5 = (t1 - o1) * o1 * (1 - o1) * h1\n"),
              (std::vector<std::string>{"right", "defined", "right", "right", "wrong"}));
}

// --- Goodfellow ----------------------------------------------------------------------------------

// Goodfellow, Bengio and Courville, "Deep Learning" (2016), section 6.1, equations 6.4 to 6.11.
const std::string goodfellow = R"(
    input x[2]
    target t
    weight W[2,2] = 1, c[2] = [0, -1], w[2] = [1, -2], b = 0
    h = relu(W' @ x + c)
    y = w @ h + b
    output y
    loss squared_error(y, t)
)";

TEST(Goodfellow, the_solution_of_xor_computes_it_and_rests_there) {
    const double inputs[4][2] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    const double hidden[4][2] = {{0, 0}, {1, 0}, {1, 0}, {2, 1}};
    const double outputs[4] = {0, 1, 1, 0};
    for (int i = 0; i < 4; ++i) {
        const Json json =
            explained(goodfellow, {"--at", "x=" + Json(inputs[i]).dump(), "--at",
                                   "t=" + std::to_string(static_cast<int>(outputs[i]))});
        EXPECT_EQ(record(json["forward"], "node", "h")["value"], Json(hidden[i]));
        EXPECT_EQ(record(json["forward"], "node", "y")["value"], outputs[i]);
        EXPECT_EQ(json["loss"]["value"], 0);
        EXPECT_EQ(record(json["gradients"], "of", "w")["value"], Json({0, 0}));
        EXPECT_EQ(record(json["gradients"], "of", "W")["value"], (Json{{0, 0}, {0, 0}}));
    }
}

// --- Nielsen -------------------------------------------------------------------------------------

// Michael Nielsen, "Neural Networks and Deep Learning" (2015), chapter 2,
// http://neuralnetworksanddeeplearning.com/chap2.html, equations BP1 to BP4 and BP1a.
const std::string nielsen = R"(
    input x[2]
    target y[2]
    weight W1[3,2], b1[3], W2[2,3], b2[2]
    z1 = W1 @ x + b1
    a1 = sigmoid(z1)
    z2 = W2 @ a1 + b2
    a2 = sigmoid(z2)
    output a2
    C = 1/2 * sum((y - a2)^2)
    loss C
)";

TEST(Nielsen, the_four_equations_are_what_is_printed) {
    const Json json = explained(nielsen);
    EXPECT_EQ(record(json["cotangents"], "of", "z2")["name"], "delta2");
    EXPECT_EQ(record(json["cotangents"], "of", "z2")["expr"], "(a2 - y) * a2 * (1 - a2)");  // BP1
    EXPECT_EQ(record(json["cotangents"], "of", "z1")["expr"], "W2' @ delta2 * a1 * (1 - a1)");
    EXPECT_EQ(record(json["gradients"], "of", "b2")["expr"], "delta2");  // BP3
    EXPECT_EQ(record(json["gradients"], "of", "b1")["expr"], "delta1");
    EXPECT_EQ(record(json["gradients"], "of", "W2")["expr"], "delta2 @ a1'");  // BP4
    EXPECT_EQ(record(json["gradients"], "of", "W1")["expr"], "delta1 @ x'");
}

TEST(Nielsen, the_four_equations_of_an_abstract_activation_are_what_is_printed) {
    const Json json = explained(
        "input x[2]\ntarget y[2]\nfunction sigma\nweight W1[3,2], b1[3], W2[2,3], b2[2]\n"
        "z1 = W1 @ x + b1\na1 = sigma(z1)\nz2 = W2 @ a1 + b2\na2 = sigma(z2)\noutput a2\n"
        "loss squared_error(a2, y)\n");
    EXPECT_EQ(record(json["cotangents"], "of", "z2")["expr"], "(a2 - y) * sigma'(z2)");
    EXPECT_EQ(record(json["cotangents"], "of", "z1")["expr"], "W2' @ delta2 * sigma'(z1)");
}

TEST(Nielsen, his_own_lines_are_marked_right_and_a_lost_transpose_is_not) {
    EXPECT_EQ(marks(nielsen,
                    "delta2 = (a2 - y) * sigmoid(z2) * (1 - sigmoid(z2))\n"
                    "delta1 = (W2' @ delta2) * sigmoid(z1) * (1 - sigmoid(z1))\n"
                    "dC/db2 = delta2\n"
                    "dC/dW2 = delta2 @ a1'\n"
                    "dC/dW1 = delta1 @ x'\n"
                    "dC/db1 = W2' @ delta2\n"),
              (std::vector<std::string>{"right", "right", "right", "right", "right", "wrong"}));
}

// Chapter 3, equations 61 and 62 (cross-entropy: sigma' cancels), and 81 and 82 (softmax and
// log-likelihood).
TEST(Nielsen, cross_entropy_leaves_out_the_slope_of_the_last_sigmoid) {
    const Json json = explained(
        "input x[2]\ntarget y[2]\nweight W[2,2], b[2]\nz = W @ x + b\na = sigmoid(z)\noutput a\n"
        "loss -sum(y * log(a) + (1 - y) * log(1 - a))\n");
    EXPECT_EQ(json["cotangents"].size(), 1U);
    EXPECT_EQ(json["cotangents"][0]["expr"], "a - y");
    EXPECT_EQ(record(json["gradients"], "of", "W")["expr"], "delta_z @ x'");
    const Json likelihood = explained(
        "input x[2]\ntarget y: class(3)\nweight W[3,2], b[3]\nz = W @ x + b\n"
        "loss cross_entropy(z, y)\n");
    EXPECT_EQ(likelihood["cotangents"][0]["expr"], "softmax(z) - one_hot(y)");
}

// Chapter 3, figure on one neuron: w = 0.6, b = 0.9, x = 1 gives 0.82; from w = b = 2, 0.98.
TEST(Nielsen, the_saturated_neuron_starts_at_his_outputs) {
    const std::string neuron =
        "input x\ntarget y\nweight w, b\nz = w * x + b\na = sigmoid(z)\nloss 1/2 * (y - a)^2\n";
    const Json mild = explained(
        neuron, {"--at", "x=1", "--at", "y=0", "--at", "w=0.6", "--at", "b=0.9", "--rate", "0.15"});
    const Json saturated = explained(
        neuron, {"--at", "x=1", "--at", "y=0", "--at", "w=2", "--at", "b=2", "--rate", "0.15"});
    EXPECT_NEAR(record(mild["forward"], "node", "a")["value"], 0.82, 0.005);
    EXPECT_NEAR(record(saturated["forward"], "node", "a")["value"], 0.98, 0.005);
    EXPECT_EQ(record(mild["gradients"], "of", "w")["expr"], "(a - y) * a * (1 - a) * x");
    EXPECT_LT(value_of_gradient(saturated, "w"), value_of_gradient(mild, "w"))
        << "it learns slowly";
}

// --- Bishop --------------------------------------------------------------------------------------

// Bishop, "Pattern Recognition and Machine Learning" (2006), section 5.3.2: two layers, tanh units,
// linear outputs; equations 5.65 (delta_k = y_k - t_k), 5.66 and 5.67.
TEST(Bishop, the_simple_example_has_his_deltas_and_derivatives) {
    const Json json = explained(
        "input x[3]\ntarget t[2]\nweight W1[4,3], W2[2,4]\na = W1 @ x\nz = tanh(a)\ny = W2 @ z\n"
        "output y\nloss 1/2 * sum((y - t)^2)\n");
    EXPECT_EQ(record(json["cotangents"], "of", "y")["expr"], "y - t");
    EXPECT_EQ(record(json["cotangents"], "of", "a")["expr"], "W2' @ delta_y * (1 - z^2)");
    EXPECT_EQ(record(json["gradients"], "of", "W1")["expr"], "delta_a @ x'");
    EXPECT_EQ(record(json["gradients"], "of", "W2")["expr"], "delta_y @ z'");
}

// Section 4.3.4, equation 4.109, and section 4.3.2, equation 4.91: for logistic and softmax
// regression alike the gradient of the cross-entropy is (prediction - target) times the feature.
TEST(Bishop, logistic_regression_has_the_error_times_the_feature) {
    const Json json = explained(
        "input phi\ntarget t\nweight w, b\na = w * phi + b\ny = sigmoid(a)\noutput y\n"
        "loss -(t * log(y) + (1 - t) * log(1 - y))\n");
    EXPECT_EQ(record(json["gradients"], "of", "w")["expr"], "(y - t) * phi");
    EXPECT_EQ(record(json["gradients"], "of", "b")["expr"], "y - t");
}

}  // namespace
}  // namespace chainrule::tests
