// The symptoms of gradients, and of a rate past the edge.
#include <gtest/gtest.h>

#include <optional>

#include "told_symptoms.h"

namespace chainrule {
namespace {

TEST(Symptoms, tell_of_gradients_that_vanish) {
    expect_one(told_of(deep(8, "sigmoid", drawn_weights), {.epochs = 2, .dtype = DType::f64}),
               "vanishing_gradients after epoch 1: the gradient vanishes on its way to the inputs: "
               "that of W0 is ",
               " times that of V (root mean squares), so that W0 hardly learns; what helps: relu "
               "with `~ he_normal`, fewer layers, or paths around them (x + f(x))");
    EXPECT_EQ(told_of(deep(3, "sigmoid", drawn_weights), {.epochs = 2}), Lines{});
    EXPECT_EQ(told_of(deep(8, "tanh", drawn_weights), {.epochs = 2}), Lines{});
    // A vector that makes a product is a layer too.
    const Lines vector = told_of_faint_layer("v[8]", "squared_error(v @ h, y)");
    ASSERT_EQ(vector.size(), 1U);
    EXPECT_NE(vector[0].find(" times that of v "), std::string::npos) << vector[0];
}

TEST(Symptoms, tell_of_a_gradient_that_does_not_arrive_at_all) {
    // Squares in single numbers of the gradient are below the least double, behind the first
    // product.
    expect_one(told_of("input x[2]\ntarget y\nweight U[8, 2] ~ xavier_normal\n"
                       "weight W[8, 8] ~ xavier_normal\nweight V[1, 8] ~ xavier_normal\n"
                       "weight c[8] = 0.5\nh = tanh(1e-200 * (W @ tanh(1e-200 * (U @ x))) + c)\n"
                       "p = V @ h\nloss squared_error(p[0], y)\n",
                       {.epochs = 1, .dtype = DType::f64}),
               "vanishing_gradients after epoch 1: the gradient vanishes on its way to the inputs: "
               "that of U is 0 times that of V ");
    // One that its formula makes 0 is meant to be.
    EXPECT_EQ(told_of("input x[2]\ntarget y\nweight U[8, 2] ~ xavier_normal\n"
                      "weight W[8, 8] ~ xavier_normal\nweight V[1, 8] ~ xavier_normal\n"
                      "h = tanh(W @ tanh(stop_gradient(U @ x)))\np = V @ h\n"
                      "loss squared_error(p[0], y)\n",
                      {.epochs = 1}),
              Lines{});
    // The output is saturated, so that all layers get as little.
    std::string saturated = deep(2, "tanh", drawn_weights);
    saturated.replace(saturated.find("V @ h1"), 6, "sigmoid(V @ h1 + 30)");
    expect_one(told_of(saturated, {.epochs = 2, .dtype = DType::f64}),
               "vanishing_gradients after epoch 0: the gradient of all weights is as good as 0 at "
               "the beginning: a step as long as the weights would change the loss by ");
}

TEST(Symptoms, tell_of_gradients_that_explode) {
    // Sines stay in bounds, and their derivatives multiply.
    expect_one(told_of(deep(8, "sin", "~ normal(0, 3)"), {.rate = 1e-9, .epochs = 1}),
               "exploding_gradients after epoch 1: the gradient explodes on its way to the inputs: "
               "that of W0 is ",
               " times that of V (root mean squares); what helps: smaller initial values (`~ "
               "xavier_normal`) or --clip-norm 1");
    EXPECT_EQ(told_of(deep(8, "sin", drawn_weights), {.epochs = 1}), Lines{});
}

// One symptom, after the epoch where it is given.
void expect_risen(const std::vector<std::string>& told, std::optional<int> epoch, int rows,
                  const std::string& advice) {
    ASSERT_EQ(told.size(), 1U);
    const std::string begin =
        "rate_too_large after epoch " + (epoch ? std::to_string(*epoch) + ": " : "");
    expect_one(told, begin, " at the beginning: " + advice);
    EXPECT_NE(told[0].find(": the loss of " + std::to_string(rows) + " sampled rows has risen to "),
              std::string::npos)
        << told[0];
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

// A rate past the edge lets the gradient grow without end: one cause, told once, by the loss where
// that shows it.
TEST(Symptoms, tell_of_a_gradient_that_grows_without_end_where_the_loss_does_not_tell) {
    const Dataset plane = noisy_rows(100, [](double a, double b) { return a + b; });
    const auto told = [&](const std::string& beside, std::int64_t epochs) {
        return told_of(
            "input x[2]\ntarget y\nweight w[2] = 0\nloss squared_error(w @ x, y)" + beside,
            {.rate = 6, .epochs = epochs, .batch = 100}, plane);
    };
    expect_risen(told("", 8), 1, 64, "the rate 6 is too large; try 0.6");
    const std::vector<std::string> by_gradient = told(" + 1e9", 16);
    ASSERT_EQ(by_gradient.size(), 2U) << "the first is of a loss that the weights hardly change";
    EXPECT_EQ(by_gradient[1],
              "exploding_gradients after epoch 8: the gradient explodes: it is 1.6e4 times as "
              "long as at the beginning; what helps: a smaller rate than 6 or --clip-norm 1");
}

// A rate past the edge kills units as well: one cause, told once.
TEST(Symptoms, tell_of_a_rate_and_of_the_units_that_it_kills_once) {
    std::string network = hidden_layer("~ he_normal", "= 0", "~ xavier_normal", "relu");
    network.replace(network.find("loss"), std::string::npos,
                    "loss binary_cross_entropy_with_logits(v @ h, y > 0)\n");
    for (const double rate : {10.0, 30.0, 100.0}) {
        const Lines told =
            told_of(network, {.rate = rate, .epochs = 4, .batch = 10, .dtype = DType::f64});
        EXPECT_EQ(told.size(), 1U) << rate << ": " << testing::PrintToString(told);
    }
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

}  // namespace
}  // namespace chainrule
