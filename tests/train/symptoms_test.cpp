// Each symptom is provoked by a small network, and its near miss, a healthy one, says nothing.
#include <gtest/gtest.h>

#include "told_symptoms.h"

namespace chainrule {
namespace {

// Layers h = g * tanh(H @ h) + (1 - g) * h behind gates that a bias of -5 holds nearly shut, as
// Srivastava et al. (2015) begin.
std::string highway(int count) {
    std::string text = "input x[2]\ntarget y\nweight W[8, 2] ~ xavier_normal\nh0 = tanh(W @ x)\n";
    for (int i = 0; i < count; ++i) {
        const std::string n = std::to_string(i);
        const std::string h = "h" + n;
        text += "weight H" + n + "[8, 8] ~ xavier_normal\nweight T" + n +
                "[8, 8] ~ xavier_normal\nweight b" + n + "[8] = -5\ng" + n + " = sigmoid(T" + n +
                " @ " + h + " + b" + n + ")\nh" + std::to_string(i + 1) + " = g" + n + " * tanh(H" +
                n + " @ " + h + ") + (1 - g" + n + ") * " + h + "\n";
    }
    return text + "weight V[1, 8] ~ xavier_normal\np = V @ h" + std::to_string(count) +
           "\nloss squared_error(p[0], y)\n";
}

TEST(Symptoms, a_healthy_network_has_none) {
    for (const std::string activation : {"tanh", "relu", "sigmoid", "softplus"}) {
        EXPECT_EQ(told_of(hidden_layer(drawn_weights, "= 0", drawn_weights, activation)), Lines{});
    }
    EXPECT_EQ(told_of("input x[2]\ntarget y\nweight w[2] = 0\nloss squared_error(w @ x, y)\n"),
              Lines{});
    EXPECT_EQ(told_of("weight v[3] = 1\nloss sum(v^2)\n", {}, dataset_of({{0}}, {{0}})), Lines{});
    EXPECT_EQ(told_of(highway(6), {.epochs = 4}), Lines{});
    // Targets of millions: their gradient is small beside the loss, but not beside the weights.
    const Dataset prices = noisy_rows(100, [](double a, double b) { return 3e6 + 1e6 * a * b; });
    EXPECT_EQ(told_of("input x[2]\ntarget y\nweight w[2] = 0\nweight b = 0\n"
                      "loss squared_error(w @ x + b, y)\n",
                      {}, prices),
              Lines{});
}

TEST(Symptoms, tell_of_dead_units) {
    EXPECT_EQ(
        told_of(hidden_layer("~ he_normal", "= -100", drawn_weights, "relu")),
        Lines{"dead_units after epoch 0: 8 of 8 units of h are dead: their relu is 0 on all 64 "
              "sampled rows, through b, so that no gradient passes; what helps: b = 0 at first or "
              "leaky_relu"});
    // Five of eight are not yet two thirds.
    EXPECT_EQ(told_of(hidden_layer("~ he_normal", "= [-100, -100, -100, -100, -100, 0, 0, 0]",
                                   drawn_weights, "relu")),
              Lines{});
    EXPECT_EQ(
        told_of(hidden_layer("~ he_normal", "= -100", drawn_weights, "leaky_relu"), {.rate = 1e-4}),
        Lines{});
}

TEST(Symptoms, propose_no_beginning_that_a_weight_has) {
    const auto shifted = [](const std::string& W) {
        return told_of("input x[2]\ntarget y\nweight W[8, 2] " + W + "\nweight v[8] " +
                       drawn_weights + "\nh = relu(W @ x - 100)\nloss squared_error(v @ h, y)\n");
    };
    const std::string dead =
        "dead_units after epoch 0: 8 of 8 units of h are dead: their relu is 0 on all 64 sampled "
        "rows, so that no gradient passes; what helps: ";
    EXPECT_EQ(shifted("~ he_normal"), Lines{dead + "leaky_relu"});
    EXPECT_EQ(shifted("~ normal(0, 1)"), Lines{dead + "`~ he_normal` for W or leaky_relu"});
    // Gradients that vanish behind relu, which is drawn as He says.
    expect_one(told_of_faint_layer("V[1, 8]", "squared_error(sum(V @ h), y)"), "",
               "so that U hardly learns; what helps: fewer layers or paths around them (x + f(x))");
}

TEST(Symptoms, tell_of_many_dead_layers_in_one_sentence) {
    std::string text = deep(6, "relu", "~ he_normal");
    for (int i = 0; i < 6; ++i) {
        const std::string n = std::to_string(i);
        text.replace(text.find("h" + n + " = relu("), 10,
                     "weight b" + n + "[8] = -5\n" + "h" + n + " = relu(b" + n + " + ");
    }
    EXPECT_EQ(told_of(text, {.epochs = 2}),
              Lines{"dead_units after epoch 0: 8 of 8 units of h0, 8 of 8 of h1, 8 of 8 of h2 and "
                    "24 of 24 of 3 further values are dead: their relu is 0 on all 64 sampled "
                    "rows, through b0, b1, b2, ..., so that no gradient passes; what helps: b0, "
                    "b1, b2, ... = 0 at first or leaky_relu"});
    // Without names, behind one weight.
    EXPECT_EQ(
        told_of("input x[2]\ntarget y\nweight W[8, 2] ~ he_normal\nweight v[8] ~ xavier_normal\n"
                "p = v @ (relu(W @ x - 100) + relu(W @ x - 90))\nloss squared_error(p, y)\n"),
        Lines{"dead_units after epoch 0: 16 of 16 units of relu behind W are dead: their relu is "
              "0 on all 64 sampled rows, so that no gradient passes; what helps: leaky_relu"});
}

TEST(Symptoms, tell_of_units_that_die_while_training) {
    const std::vector<Symptom> told =
        symptoms_of(hidden_layer("~ he_normal", "= 0", "= 0.3", "relu") + "penalty 50 * sum(b)\n",
                    {.rate = 0.1, .epochs = 4}, curved_rows());
    ASSERT_FALSE(told.empty());
    EXPECT_EQ(told[0].name, "dead_units");
    EXPECT_EQ(told[0].epoch, 1);
}

TEST(Symptoms, tell_of_saturated_units) {
    EXPECT_EQ(
        told_of(hidden_layer("~ normal(0, 300)", "= 0", drawn_weights)),
        Lines{"saturated_units after epoch 0: 8 of 8 units of h are saturated: on nearly all of "
              "64 sampled rows the derivative of tanh is below a twentieth of its greatest, so "
              "that hardly any gradient passes; what helps: a smaller W (`~ xavier_normal`)"});
    EXPECT_EQ(
        told_of(hidden_layer(drawn_weights, "= 20", drawn_weights, "sigmoid")),
        Lines{"saturated_units after epoch 0: 8 of 8 units of h are saturated: on nearly all of "
              "64 sampled rows the derivative of sigmoid is below a twentieth of its greatest, "
              "through b, so that hardly any gradient passes; what helps: b = 0 at first"});
    // A gate that its weight holds shut is not as meant.
    std::string gated = highway(1);
    gated.replace(gated.find("T0[8, 8] ~ xavier_normal"), 24, "T0[8, 8] ~ normal(-99, 1)");
    gated.replace(gated.find("tanh(W @ x)"), 11, "softplus(W @ x)");
    expect_one(told_of(gated, {.epochs = 1}), "saturated_units after epoch 0: 8 of 8 units of g0 ");
    // Sure of itself, as it has learnt: two clusters, told apart.
    const Dataset clusters =
        dataset_of({{-2, -2}, {-3, -2}, {2, 2}, {3, 2}}, {{-1}, {-1}, {1}, {1}});
    EXPECT_EQ(told_of(hidden_layer(drawn_weights, "= 0", drawn_weights),
                      {.rate = 0.2, .epochs = 600}, clusters),
              Lines{});
}

TEST(Symptoms, tell_of_units_that_are_all_the_same) {
    EXPECT_EQ(
        told_of(hidden_layer("= 0.5", "= 0", "= 0.5")),
        Lines{"identical_units after epoch 0: all 8 units of h are the same and will stay the "
              "same, because W begins with equal numbers: let it begin with `~ "
              "xavier_normal`"});
    EXPECT_EQ(
        told_of(hidden_layer("= 0", "= 0", "= 0", "relu")),
        Lines{"identical_units after epoch 0: all 8 units of h are the same and will stay the "
              "same, because W begins with equal numbers: let it begin with `~ he_normal`"});
    // What parts them: another weight.
    EXPECT_EQ(told_of(hidden_layer("= 0", "= 0", drawn_weights)), Lines{});
    EXPECT_EQ(told_of(hidden_layer(drawn_weights, "= 0", "= 0")), Lines{});
    EXPECT_EQ(told_of(hidden_layer("= 0.5", drawn_weights, "= 0.5")), Lines{});
    // A path that begins as 0 beside one that does not, before a last layer that begins as 0.
    EXPECT_EQ(told_of("input x[2]\ntarget y\nweight W[8, 2] ~ xavier_normal\nweight A[8, 8] = 0\n"
                      "weight v[8] = 0\nh = tanh(W @ x)\nr = tanh(A @ h)\n"
                      "loss squared_error(v @ (h + r), y)\n"),
              Lines{});
}

TEST(Symptoms, tell_of_values_that_explode_and_not_of_what_comes_of_it) {
    expect_one(told_of(deep(8, "relu", "~ normal(0, 3)"), {.rate = 1e-12, .epochs = 2}),
               "exploding_values after epoch 0: the values explode on their way to the loss: those "
               "of h7 are about ",
               "so that steps throw the weights far off; what helps: smaller initial values (`~ "
               "he_normal`)");
    EXPECT_EQ(told_of(deep(8, "relu", "~ he_normal"), {.rate = 0.01, .epochs = 2}), Lines{});
    // All units of the layers behind the first are saturated.
    expect_one(told_of(deep(8, "sigmoid", "~ normal(3, 1)"), {.epochs = 2, .dtype = DType::f64}),
               "saturated_units after epoch 0: ");
}

TEST(Symptoms, tell_of_inputs_that_are_not_scaled) {
    Dataset data = curved_rows();
    std::vector<double> numbers;
    for (std::size_t row = 0; row < data.rows; ++row) {
        numbers.insert(numbers.end(), {50000 + 1e4 * data.inputs[0][2 * row], 0.5});
    }
    data.inputs[0] = Numbers(numbers);
    const TrainOptions slow{.rate = 1e-12, .epochs = 1};
    const std::string line =
        "input x[2]\ntarget y\nweight w[2] = 0\nloss squared_error(w @ x, y)\n";
    const std::vector<std::string> told = told_of(line, slow, data);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0],
              "unscaled_inputs after epoch 0: the input x is not scaled: x[0] is about 5.08e4 "
              "beside x[1] of at most 0.5, which makes training slow or unstable; standardise its "
              "columns (tables are, unless --scale none), or divide in the network");
    for (double& number : numbers) {
        number /= 1000;  // 50 beside 0.0005
    }
    data.inputs[0] = Numbers(numbers);
    EXPECT_EQ(told_of(line, slow, data).size(), 1U);
    for (std::size_t row = 0; row < data.rows; ++row) {
        numbers[2 * row + 1] = 1;  // 50 beside 1
    }
    data.inputs[0] = Numbers(numbers);
    EXPECT_EQ(told_of(line, slow, data), Lines{});
}

TEST(Symptoms, tell_of_targets_that_are_no_probabilities) {
    const auto told = [](const std::string& loss, double label) {
        return told_of("input x[2]\ntarget y\nweight w[2] = 0\no = w @ x\nloss " + loss + "\n",
                       {.rate = 1e-3, .epochs = 1},
                       noisy_rows(100, [&](double a, double) { return a > 0 ? label : 0.0; }));
    };
    for (const char* const loss :
         {"binary_cross_entropy_with_logits(o, y)", "binary_cross_entropy(sigmoid(o), y)"}) {
        expect_one(told(loss, 4), "targets_out_of_range after epoch 0: the target y is ",
                   " in a sampled row, and the loss takes a number from 0 to 1, as a probability "
                   "is: declare `target y: class(2)` where it has two labels, or scale it");
    }
    EXPECT_EQ(told("squared_error(o, y)", 4), Lines{});
    EXPECT_EQ(told("binary_cross_entropy_with_logits(o, y > 2)", 4), Lines{});
}

// Arrays are never scaled: a message less, as the inputs explain it.
TEST(Symptoms, tell_of_unscaled_inputs_and_not_of_the_units_that_they_saturate) {
    Dataset data = curved_rows();
    std::vector<double> numbers;
    for (std::size_t row = 0; row < data.rows; ++row) {
        numbers.insert(numbers.end(),
                       {1000 * data.inputs[0][2 * row], 1000 * data.inputs[0][2 * row + 1]});
    }
    data.inputs[0] = Numbers(numbers);
    expect_one(told_of(hidden_layer("~ he_normal", "= 0", "~ xavier_normal"),
                       {.rate = 1e-9, .epochs = 1}, data),
               "unscaled_inputs after epoch 0");
}

TEST(Symptoms, judge_inputs_as_products_take_them) {
    const auto told = [](const std::string& taken) {
        return told_of(
            "input x[2]\ntarget y\nweight w[2] = 0\nloss squared_error(w @ " + taken + ", y)\n",
            {.rate = 1e-12, .epochs = 1});
    };
    for (const std::string taken : {"(1000 * x)", "relu(1000 * x)"}) {
        const std::vector<std::string> lines = told(taken);
        ASSERT_EQ(lines.size(), 1U) << taken;
        EXPECT_TRUE(lines[0].starts_with("unscaled_inputs after epoch 0: the input x is not scaled "
                                         "as w takes it: x[") &&
                    lines[0].find(" beside the 1 of a bias, ") != std::string::npos)
            << lines[0];
    }
    EXPECT_EQ(told("(1000 * x / 999)"), Lines{});
    EXPECT_EQ(told("tanh(1000 * x)"), Lines{});
}

}  // namespace
}  // namespace chainrule
