// Each symptom is provoked by a small network, and its near miss, a healthy one, says nothing.
#include "train/symptoms.h"

#include <gtest/gtest.h>

#include <optional>

#include "network_text.h"

namespace chainrule {
namespace {

Dataset curved_rows(std::size_t rows = 100) {
    return noisy_rows(rows, [](double a, double b) { return a * b; });
}

std::vector<Symptom> symptoms_of(const std::string& text, TrainOptions options,
                                 const Dataset& data) {
    options.backend = Backend::reference;
    const TrainResult result = train_on(network_of(text), options, data);
    EXPECT_FALSE(result.failure) << result.failure->message;
    return result.symptoms.told;
}

// `name after epoch n: message` of each.
std::vector<std::string> told_of(const std::string& text, const TrainOptions& options = {},
                                 const Dataset& data = curved_rows()) {
    std::vector<std::string> lines;
    for (const Symptom& symptom : symptoms_of(text, options, data)) {
        lines.push_back(symptom.name + " after epoch " + std::to_string(symptom.epoch) + ": " +
                        symptom.message);
    }
    return lines;
}

using Lines = std::vector<std::string>;

std::string hidden_layer(const std::string& W, const std::string& b, const std::string& v,
                         const std::string& activation = "tanh") {
    return "input x[2]\ntarget y\nweight W[8, 2] " + W + "\nweight b[8] " + b + "\nweight v[8] " +
           v + "\nh = " + activation + "(W @ x + b)\nloss squared_error(v @ h, y)\n";
}

const std::string drawn_weights = "~ xavier_normal";

// `count` square layers between x and y.
std::string deep(int count, const std::string& activation, const std::string& start) {
    std::string text =
        "input x[2]\ntarget y\nweight W0[8, 2] " + start + "\nh0 = " + activation + "(W0 @ x)\n";
    for (int i = 1; i < count; ++i) {
        const std::string n = std::to_string(i);
        text += "weight W" + n + "[8, 8] " + start + "\nh" + n + " = " + activation + "(W" + n +
                " @ h" + std::to_string(i - 1) + ")\n";
    }
    return text + "weight V[1, 8] ~ xavier_normal\np = V @ h" + std::to_string(count - 1) +
           "\nloss squared_error(p[0], y)\n";
}

TEST(Symptoms, a_healthy_network_has_none) {
    for (const std::string activation : {"tanh", "relu", "sigmoid", "softplus"}) {
        EXPECT_EQ(told_of(hidden_layer(drawn_weights, "= 0", drawn_weights, activation)), Lines{});
    }
    EXPECT_EQ(told_of("input x[2]\ntarget y\nweight w[2] = 0\nloss squared_error(w @ x, y)\n"),
              Lines{});
    EXPECT_EQ(told_of("weight v[3] = 1\nloss sum(v^2)\n", {}, dataset_of({{0}}, {{0}})), Lines{});
}

TEST(Symptoms, tell_of_dead_units) {
    EXPECT_EQ(
        told_of(hidden_layer("~ he_normal", "= -100", drawn_weights, "relu")),
        Lines{"dead_units after epoch 0: 8 of 8 units of h are dead: their relu is 0 on all 64 "
              "sampled rows, so that no gradient passes; a smaller rate than 0.1, `~ "
              "he_normal` for W, or leaky_relu keeps them alive"});
    // Five of eight are not yet two thirds.
    EXPECT_EQ(told_of(hidden_layer("~ he_normal", "= [-100, -100, -100, -100, -100, 0, 0, 0]",
                                   drawn_weights, "relu")),
              Lines{});
    EXPECT_EQ(
        told_of(hidden_layer("~ he_normal", "= -100", drawn_weights, "leaky_relu"), {.rate = 1e-4}),
        Lines{});
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
              "that hardly any gradient passes; scaled inputs and a smaller W (`~ "
              "xavier_normal`) help"});
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

TEST(Symptoms, tell_of_gradients_that_vanish) {
    const std::vector<std::string> told =
        told_of(deep(8, "sigmoid", drawn_weights), {.epochs = 2, .dtype = DType::f64});
    ASSERT_EQ(told.size(), 1U);
    const std::string begin =
        "vanishing_gradients after epoch 1: the gradient vanishes on its way to the inputs: that "
        "of "
        "W0 is ";
    const std::string end =
        " times that of V (root mean squares), so that W0 hardly learns; relu with `~ he_normal`, "
        "fewer layers, or paths around them (x + f(x)) let it through";
    EXPECT_TRUE(told[0].starts_with(begin) && told[0].ends_with(end)) << told[0];
    EXPECT_EQ(told_of(deep(3, "sigmoid", drawn_weights), {.epochs = 2}), Lines{});
    EXPECT_EQ(told_of(deep(8, "tanh", drawn_weights), {.epochs = 2}), Lines{});
}

TEST(Symptoms, tell_of_gradients_that_explode) {
    // Sines stay in bounds, and their derivatives multiply.
    const std::vector<std::string> told =
        told_of(deep(8, "sin", "~ normal(0, 3)"), {.rate = 1e-9, .epochs = 1});
    ASSERT_EQ(told.size(), 1U);
    const std::string begin =
        "exploding_gradients after epoch 1: the gradient explodes on its way to the inputs: that "
        "of "
        "W0 is ";
    const std::string end =
        " times that of V (root mean squares); smaller initial values (`~ xavier_normal`) or "
        "--clip-norm 1 hold it";
    EXPECT_TRUE(told[0].starts_with(begin) && told[0].ends_with(end)) << told[0];
    EXPECT_EQ(told_of(deep(8, "sin", drawn_weights), {.epochs = 1}), Lines{});
}

// One symptom, after the epoch where it is given.
void expect_risen(const std::vector<std::string>& told, std::optional<int> epoch, int rows,
                  const std::string& advice) {
    ASSERT_EQ(told.size(), 1U);
    const std::string begin =
        "rate_too_large after epoch " + (epoch ? std::to_string(*epoch) + ": " : "");
    EXPECT_TRUE(told[0].starts_with(begin)) << told[0];
    EXPECT_NE(told[0].find(": the loss of " + std::to_string(rows) + " sampled rows has risen to "),
              std::string::npos)
        << told[0];
    EXPECT_TRUE(told[0].ends_with(" at the beginning: " + advice)) << told[0];
}

TEST(Symptoms, tell_of_a_rate_past_the_edge) {
    const std::string line =
        "input x[2]\ntarget y\nweight w[2] = 0\nloss squared_error(w @ x, y)\n";
    const Dataset plane = noisy_rows(100, [](double a, double b) { return a + b; });
    // The sharpness is about 0.72: the edge is at 2.8.
    expect_risen(told_of(line, {.rate = 3, .epochs = 4, .batch = 100}, plane), 4, 64,
                 "the rate 3 is too large; try 0.3");
    EXPECT_EQ(told_of(line, {.rate = 2.4, .epochs = 16, .batch = 100}, plane), Lines{});
}

TEST(Symptoms, tell_of_a_gradient_that_grows_without_end) {
    const Dataset plane = noisy_rows(100, [](double a, double b) { return a + b; });
    const std::vector<std::string> told =
        told_of("input x[2]\ntarget y\nweight w[2] = 0\nloss squared_error(w @ x, y)\n",
                {.rate = 6, .epochs = 8, .batch = 100}, plane);
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[1],
              "exploding_gradients after epoch 8: the gradient explodes: it is 1.6e4 times as "
              "long as at the beginning; a smaller rate than 6, or --clip-norm 1, holds it");
}

TEST(Symptoms, tell_of_a_negative_loss_that_rises) {
    const Dataset plane = noisy_rows(100, [](double a, double b) { return a + b; });
    expect_risen(
        told_of("input x[2]\ntarget y\nweight w[2] = 0\nloss squared_error(w @ x, y) - 3\n",
                {.rate = 6, .epochs = 2, .batch = 100}, plane),
        2, 64, "the rate 6 is too large; try 0.6");
}

TEST(Symptoms, tell_of_a_loss_that_has_risen_and_stands) {
    expect_risen(told_of("input x[1]\ntarget y\nweight w[1] = 1\n"
                         "loss squared_error(relu(w @ x), y)\n",
                         {.rate = 30, .epochs = 4}, dataset_of({{1}, {1}}, {{0.55}, {0.55}})),
                 4, 2, "the rate 30 is too large; try 3");
}

TEST(Symptoms, do_not_sample_rows_of_weight_0) {
    Dataset plane = noisy_rows(100, [](double a, double b) { return a + b; });
    plane.weights.assign(plane.rows, 1);
    for (std::size_t i = 0; i < 64; ++i) {
        plane.weights[i * plane.rows / 64] = 0;
    }
    expect_risen(told_of("input x[2]\ntarget y\nweight w[2] = 0\nloss squared_error(w @ x, y)\n",
                         {.rate = 6, .epochs = 2, .batch = 100}, plane),
                 {}, 36, "the rate 6 is too large; try 0.6");
}

TEST(Symptoms, do_not_compare_the_sample_with_all_rows) {
    Dataset plane = noisy_rows(100, [](double a, double b) { return a + b; });
    plane.targets[2] = 100;  // of a row that the sample lacks
    EXPECT_EQ(told_of("input x[2]\ntarget y\nweight w[2] = 0\nloss squared_error(w @ x, y)\n",
                      {.rate = 1e-4, .epochs = 4}, plane),
              Lines{});
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

}  // namespace
}  // namespace chainrule
