// What a text becomes: nodes, lists, the objective.
#include <gtest/gtest.h>

#include "elaborate/network_text.h"

namespace chainrule::tests {
namespace {

const std::string worksheet = R"(input  x
target y
weight w1, w2
function g1, g2, Loss
z1 = x * w1
a1 = g1(z1)
z2 = a1 * w2
a2 = g2(z2)
output a2
loss Loss(a2, y)
)";

TEST(Network, reads_the_worksheet_with_abstract_functions) {
    const Elaborated net = network_of({worksheet});
    EXPECT_EQ(names(net, net.network.inputs), "x");
    EXPECT_EQ(names(net, net.network.targets), "y");
    EXPECT_EQ(weight_names(net), "w1, w2");
    EXPECT_EQ(names(net, net.network.equations), "z1, a1, z2, a2");
    EXPECT_EQ(names(net, net.network.outputs), "a2");
    EXPECT_EQ(names(net, {net.network.objective}), "Loss");
    EXPECT_EQ(net.network.loss, net.network.objective);
    EXPECT_EQ(net.network.graph.outputs[0], net.network.objective);
    EXPECT_EQ(inlined(net, "z1"), "x * w1");
    EXPECT_EQ(inlined(net, "a1"), "g1(z1)");
    EXPECT_EQ(inlined(net, "Loss"), "Loss(a2, y)");
    EXPECT_EQ(net.network.rate_symbol, "alpha");
}

TEST(Network, defines_complete_abstract_functions_and_calls_stay_as_written) {
    const Elaborated net = network_of(
        {worksheet, {"g1 = sigmoid", "function g2 = sigmoid", "Loss(a, t) = 1/2*(a - t)^2"}});
    EXPECT_EQ(written(net, "a1"), "g1(z1)");
    EXPECT_EQ(inlined(net, "a1"), "sigmoid(z1)");
    EXPECT_EQ(inlined(net, "a2"), "sigmoid(z2)");
    EXPECT_EQ(written(net, "Loss"), "Loss(a2, y)");
    EXPECT_EQ(inlined(net, "Loss"), "1/2 * (a2 - y)^2");
}

TEST(Network, the_same_lines_may_stand_in_the_file) {
    const Elaborated net =
        network_of({worksheet + "g1 = sigmoid\ng2 = g1\nLoss(a, t) = 1/2*(a - t)^2\n"});
    EXPECT_EQ(written(net, "a2"), "g2(z2)");
    EXPECT_EQ(inlined(net, "a2"), "sigmoid(z2)");
    EXPECT_EQ(inlined(net, "Loss"), "1/2 * (a2 - y)^2");
    EXPECT_EQ(names(net, net.network.equations), "z1, a1, z2, a2");
}

TEST(Network, equal_equations_stay_two_nodes) {
    const Elaborated net = network_of({"weight x, w\na = x * w\nb = x * w\nloss a * b"});
    const Graph& graph = net.network.graph;
    EXPECT_NE(graph.find("a"), graph.find("b"));
    EXPECT_EQ(inlined(net, "Loss"), "a * b");
}

TEST(Network, a_second_name_is_a_node_of_its_own) {
    const Elaborated net = network_of({"weight a\nb = a\nloss b^2"});
    EXPECT_EQ(inlined(net, "b"), "a");
    EXPECT_EQ(inlined(net, "Loss"), "b^2");
}

TEST(Network, statements_may_stand_in_any_order) {
    const Elaborated net =
        network_of({"loss b^2\nb = a + w\na = x * v\nweight w\ninput x\nweight v"});
    EXPECT_EQ(names(net, net.network.equations), "a, b");
    EXPECT_EQ(weight_names(net), "w, v");
}

TEST(Network, a_function_waits_for_the_values_its_body_uses) {
    const Elaborated net =
        network_of({"weight x\nb = f(x)\nfunction f(z) = z * c\nc = x + 1\nloss b"});
    EXPECT_EQ(names(net, net.network.equations), "c, b");
    EXPECT_EQ(inlined(net, "b"), "x * c");
}

TEST(Network, a_parameter_hides_a_value_of_its_name) {
    const Elaborated net = network_of({"weight x\nfunction f(z) = z * 2\nz = f(x)\nloss z"});
    EXPECT_EQ(inlined(net, "z"), "x * 2");
}

TEST(Network, inputs_are_per_example_only_among_many) {
    const std::string text =
        "input x[3]\ntarget y: class(3)\nweight W[3,3]\ns = W @ x\n"
        "loss cross_entropy(s, y)";
    EXPECT_EQ(type_of(network_of({text}), "s"), "f64[3]");
    const Elaborated many = network_of({.text = text, .examples = Examples::many});
    EXPECT_EQ(type_of(many, "x"), "f64[3] per example");
    EXPECT_EQ(type_of(many, "y"), "index class(3) per example");
    EXPECT_EQ(type_of(many, "W"), "f64[3, 3]");
    EXPECT_EQ(type_of(many, "s"), "f64[3] per example");
}

TEST(Network, a_loss_that_names_a_node_is_that_node) {
    const Elaborated net = network_of({"weight w\ne = w^2\nf = e + 1\nloss f"});
    EXPECT_EQ(names(net, {net.network.objective}), "f");
    EXPECT_EQ(names(net, net.network.equations), "e, f");
    EXPECT_EQ(names(net, net.network.outputs), "e");
}

TEST(Network, penalties_are_added_to_the_loss) {
    const Elaborated net =
        network_of({"weight w\nf = w^3\nloss f\npenalty 1e-3 * w^2\npenalty abs(w)"});
    EXPECT_EQ(inlined(net, "Loss"), "f + 0.001 * w^2 + abs(w)");
    EXPECT_EQ(names(net, {net.network.loss}), "f");
    EXPECT_EQ(net.network.penalties.size(), 2U);
    EXPECT_EQ(names(net, net.network.equations), "f");
}

TEST(Network, an_objective_beside_a_value_called_Loss_is_called_Objective) {
    const Elaborated net = network_of({"weight w\nLoss = w^2\nloss Loss\npenalty abs(w)"});
    EXPECT_EQ(inlined(net, "Objective"), "Loss + abs(w)");
    const Elaborated alone = network_of({"weight w\nLoss = w^2\nloss Loss"});
    EXPECT_EQ(names(alone, {alone.network.objective}), "Loss");
}

TEST(Network, the_step_size_makes_way_for_an_alpha_of_the_users) {
    EXPECT_EQ(network_of({"weight alpha\nloss alpha^2"}).network.rate_symbol, "eta");
    EXPECT_EQ(network_of({"weight α, η\nloss α^2 + η"}).network.rate_symbol, "learning_rate");
}

TEST(Network, without_input_it_is_plain_calculus) {
    const Elaborated net = network_of({"weight a = 2, b = 3\nloss a * b + sin(a)"});
    EXPECT_EQ(net.network.weights[0].value->data[0], 2);
    EXPECT_EQ(names(net, net.network.outputs), "");
}

TEST(Network, the_last_equation_is_the_output_unless_told) {
    const Elaborated net = network_of({"weight w\na = w + 1\nb = a^2\nloss b + a"});
    EXPECT_EQ(names(net, net.network.outputs), "b");
    const Elaborated told = network_of({"weight w\na = w + 1\nb = a^2\noutput a, w\nloss b"});
    EXPECT_EQ(names(told, told.network.outputs), "a, w");
}

TEST(Network, a_text_without_loss_is_fine_where_none_is_needed) {
    const Elaborated net = network_of({.text = "weight w\nz = w^2", .needs_loss = false});
    EXPECT_FALSE(net.network.objective.valid());
    EXPECT_EQ(names(net, net.network.graph.outputs), "z");
}

TEST(Network, keeps_the_recipe) {
    const Elaborated net = network_of(
        {"weight w\nloss w^2\ntrain optimizer = adam(rate = 1e-3), epochs = 20, batch = 2^6"});
    const auto& recipe = net.network.recipe;
    EXPECT_EQ(recipe.at("optimizer").word, "adam");
    EXPECT_EQ(recipe.at("optimizer").arguments.at("rate"), 1e-3);
    EXPECT_EQ(recipe.at("epochs").number, 20);
    EXPECT_EQ(recipe.at("batch").number, 64);
}

TEST(Network, a_chain_of_two_thousand_equations_in_any_order_is_no_deep_recursion) {
    std::string text = "loss z1999\n";
    for (int i = 1999; i > 0; --i) {
        text += "z" + std::to_string(i) + " = tanh(w * z" + std::to_string(i - 1) + ")\n";
    }
    text += "z0 = w\nweight w\n";
    const Elaborated net = network_of({text});
    EXPECT_EQ(net.network.equations.size(), 2000U);
    EXPECT_EQ(inlined(net, "z1"), "tanh(w * z0)");
}

}  // namespace
}  // namespace chainrule::tests
