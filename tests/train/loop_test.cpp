#include "train/loop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "data/split.h"
#include "ir/random.h"
#include "network_text.h"
#include "train/report.h"

namespace chainrule {
namespace {

const std::string line = R"(
    input x[2]
    target y
    weight w[2] = 0
    weight b = 0
    loss squared_error(w @ x + b, y)
)";

// y = 2 x0 - 3 x1 + 1, plus noise.
Dataset noisy_plane(std::size_t rows) {
    return noisy_rows(rows, [](double a, double b) { return 2 * a - 3 * b + 1; });
}

// The solution of a 3 x 3 system by Cramer's rule.
using Row = std::array<double, 3>;
double determinant(const std::array<Row, 3>& m) {
    return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
           m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
           m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
}
Row solve(const std::array<Row, 3>& m, const Row& right) {
    Row solution{};
    for (std::size_t k = 0; k < 3; ++k) {
        std::array<Row, 3> replaced = m;
        for (std::size_t i = 0; i < 3; ++i) {
            replaced[i][k] = right[i];
        }
        solution[k] = determinant(replaced) / determinant(m);
    }
    return solution;
}

// The least squares solution from the normal equations.
Row least_squares(const Dataset& data) {
    std::array<Row, 3> products{};
    Row right{};
    for (std::size_t row = 0; row < data.rows; ++row) {
        const Row x{data.inputs[0][2 * row], data.inputs[0][2 * row + 1], 1};
        for (std::size_t i = 0; i < 3; ++i) {
            for (std::size_t j = 0; j < 3; ++j) {
                products[i][j] += x[i] * x[j];
            }
            right[i] += x[i] * data.targets[row];
        }
    }
    return solve(products, right);
}

// Steps too long for it to settle: the best epoch is none of the last.
TEST(Train, patience_ends_it_and_keeps_the_best_epoch) {
    const Network network = network_of(line);
    const TrainingData data{.training = noisy_plane(40), .validation = noisy_plane(17)};
    const TrainOptions options =
        merge_options(network, {.rate = 0.6, .epochs = 500, .patience = 3, .batch = 2});
    std::vector<std::vector<Tensor>> weights;
    TrainHooks hooks;
    hooks.on_epoch = [&](const EpochRecord&, std::span<const Tensor> now) {
        weights.emplace_back(now.begin(), now.end());
    };
    Diagnostics diagnostics;
    const TrainResult result = train(network, options, data, diagnostics, hooks);
    ASSERT_FALSE(result.failure);
    const auto best = std::ranges::min_element(
        result.epochs, {}, [](const EpochRecord& record) { return record.validation->loss; });
    const auto place = static_cast<std::size_t>(best - result.epochs.begin());
    EXPECT_EQ(result.epochs.size(), place + 1 + 3);
    EXPECT_EQ(result.best.epoch, best->epoch);
    EXPECT_EQ(result.model_weights(), weights[place]);
    EXPECT_NE(result.weights, weights[place]);
    EXPECT_EQ(result.train.loss, best->train.loss);
    EXPECT_EQ(result.convergence,
              "stopped after 3 epochs without a smaller loss of the held-out part");
}

TEST(Train, linear_regression_reaches_the_least_squares_solution) {
    const Network network = network_of(line);
    const Dataset data = noisy_plane(50);
    const TrainResult result =
        train_on(network, {.rate = 0.1, .epochs = 1000, .batch = 50, .dtype = DType::f64}, data);
    const Row expected = least_squares(data);
    EXPECT_NEAR(trained(network, result, "w").data[0], expected[0], 1e-12);
    EXPECT_NEAR(trained(network, result, "w").data[1], expected[1], 1e-12);
    EXPECT_NEAR(trained(network, result, "b").data[0], expected[2], 1e-12);
    EXPECT_FALSE(result.train.accuracy) << "regression has none";
}

TEST(Train, last_smaller_batch_divides_by_its_own_size) {
    const Network network = network_of("input x\ntarget y\nweight w = 1\nloss 1/2 * (w * x - y)^2");
    const std::vector<double> x{1, 2, 3};
    const std::vector<double> y{3, -1, 2};
    const TrainResult result =
        train_on(network, {.rate = 0.1, .epochs = 1, .batch = 2, .dtype = DType::f64},
                 dataset_of({{1}, {2}, {3}}, {{3}, {-1}, {2}}));
    const std::vector<std::size_t> order = epoch_order(3, 0, 1);
    const auto slope = [&](double w, std::size_t i) {
        const std::size_t row = order[i];
        return (w * x[row] - y[row]) * x[row];
    };
    double w = 1;
    w -= 0.1 * (slope(w, 0) + slope(w, 1)) / 2;
    w -= 0.1 * slope(w, 2);
    EXPECT_DOUBLE_EQ(result.weights[0].data[0], w);
}

const std::string moody = R"(
    input x[2]
    target y
    weight W[4, 2] ~ he_normal
    weight v[4] ~ he_normal
    loss squared_error(v @ tanh(W @ x), y)
)";

TEST(Train, same_seed_gives_the_same_bits_and_another_seed_does_not) {
    const Network network = network_of(moody);
    const Dataset data = noisy_plane(37);
    const TrainOptions options{.epochs = 3, .batch = 5, .seed = 4};
    TrainOptions other = options;
    other.seed = 5;
    const TrainResult result = train_on(network, options, data);
    EXPECT_EQ(result.weights, train_on(network, options, data).weights);
    EXPECT_NE(result.weights, train_on(network, other, data).weights);
}

TEST(Train, f32_keeps_weights_in_single_precision_and_f64_does_not) {
    const Network network = network_of(moody);
    const auto are_floats = [](const TrainResult& result) {
        return std::ranges::all_of(result.weights[0].data, [](double w) {
            return w == static_cast<double>(static_cast<float>(w));
        });
    };
    EXPECT_TRUE(are_floats(train_on(network, {.dtype = DType::f32}, noisy_plane(10))));
    EXPECT_FALSE(are_floats(train_on(network, {.dtype = DType::f64}, noisy_plane(10))));
}

TEST(Train, penalty_is_reported_in_the_loss_and_pulls_the_weight) {
    const std::string text = "input x\ntarget y\nweight w = 2\nloss squared_error(w * x, y)\n";
    const Dataset data = dataset_of({{1}, {1}}, {{2}, {2}});
    const Network plain = network_of(text);
    const Network pulled = network_of(text + "penalty 0.5 * w^2\n");
    const TrainOptions options{.rate = 0.1, .epochs = 1, .dtype = DType::f64};
    EXPECT_EQ(train_on(plain, options, data).weights[0].data[0], 2);
    const TrainResult result = train_on(pulled, options, data);
    EXPECT_DOUBLE_EQ(result.weights[0].data[0], 2 - 0.1 * 2);
    EXPECT_DOUBLE_EQ(result.train.loss, 0.5 * 0.2 * 0.2 + 0.5 * 1.8 * 1.8);
}

TEST(Train, penalty_on_activations_is_averaged_over_the_examples) {
    const Network network = network_of(
        "input x\ntarget y\nweight w = 1\nh = w * x\nloss squared_error(h, y)\npenalty h^2\n");
    const TrainResult result = train_on(network, {.rate = 0.1, .epochs = 1, .dtype = DType::f64},
                                        dataset_of({{1}, {2}}, {{1}, {2}}));
    EXPECT_DOUBLE_EQ(result.weights[0].data[0], 1 - 0.1 * (2 * 1 + 2 * 4) / 2);
}

TEST(Train, metrics_after_an_epoch_are_those_of_the_weights_at_its_end) {
    const Network network = network_of("input x\ntarget y\nweight w = 0\nloss (w * x - y)^2");
    const Dataset data = dataset_of({{1}, {1}}, {{1}, {3}});
    const TrainResult result =
        train_on(network, {.rate = 0.25, .epochs = 1, .dtype = DType::f64}, data);
    EXPECT_DOUBLE_EQ(result.weights[0].data[0], 1);  // one step of 0.25 * mean(2, 6)
    EXPECT_DOUBLE_EQ(result.epochs[0].train.loss, (0.0 + 4.0) / 2);
    EXPECT_EQ(result.train.loss, result.epochs[0].train.loss);
}

TEST(Train, metrics_do_not_depend_on_how_many_rows_are_evaluated_at_once) {
    const Network network = network_of(line);
    const Dataset data = noisy_plane(300);  // three chunks
    double sum = 0;
    for (const double y : data.targets) {
        sum += 0.5 * y * y;
    }
    TrainResult result;
    const TrainHooks stop{.should_stop = [] { return true; }};
    result = train_on(network, {.rate = 1e-300, .dtype = DType::f64}, data, stop);
    EXPECT_NEAR(result.train.loss, sum / 300, 1e-12);
}

TEST(Train, stops_between_batches_when_asked_and_keeps_what_it_has) {
    const Network network = network_of(line);
    std::int64_t epoch = 0;
    TrainHooks hooks;
    hooks.on_batch = [&](const Progress& progress) {
        EXPECT_EQ(progress.batches, 4);
        EXPECT_LE(progress.batch, 4);
        epoch = progress.epoch;
    };
    hooks.should_stop = [&] { return epoch == 2; };
    const TrainResult result = train_on(network, {.epochs = 9, .batch = 5}, noisy_plane(20), hooks);
    EXPECT_TRUE(result.interrupted);
    EXPECT_EQ(result.epochs.size(), 1U);
    EXPECT_LT(result.train.loss, result.epochs[0].train.loss);
}

TEST(Train, divergence_keeps_the_weights_of_the_last_finite_epoch) {
    const Network network = network_of(line);
    const Dataset data = noisy_plane(20);
    const TrainResult diverged = train_on(network, {.rate = 1e10, .epochs = 99}, data);
    ASSERT_TRUE(diverged.failure);
    ASSERT_FALSE(diverged.epochs.empty());
    const auto last = diverged.epochs.back().epoch;
    const std::string kept = "; the weights are kept as they were after epoch ";
    EXPECT_EQ(failure_report(diverged).message,
              diverged.failure->message + kept + std::to_string(last));
    EXPECT_EQ(diverged.weights, train_on(network, {.rate = 1e10, .epochs = last}, data).weights);
}

// w counts the rates: its gradient is -1 in every step.
TEST(Train, takes_the_rate_of_the_schedule_in_every_epoch) {
    const std::string counter = "input x\ntarget y\nweight w = 0\nloss -w + 0 * (x - y)\n";
    const auto sum_of_rates = [&](const std::string& recipe) {
        const Network network =
            network_of(counter + "train rate = 1, dtype = f64, batch = 2, " + recipe);
        const TrainOptions options = merge_options(network, {});
        return train_on(network, options, dataset_of({{1}, {2}, {3}, {4}}, {{0}, {0}, {0}, {0}}))
            .weights[0]
            .data[0];
    };
    EXPECT_DOUBLE_EQ(sum_of_rates("epochs = 4"), 8);
    EXPECT_DOUBLE_EQ(sum_of_rates("epochs = 4, schedule = step(every = 2, gamma = 0.5)"),
                     2 * (1 + 1 + 0.5 + 0.5));
    EXPECT_DOUBLE_EQ(sum_of_rates("epochs = 3, warmup = 4"), 0.25 + 0.5 + 0.75 + 1 + 1 + 1);
    EXPECT_DOUBLE_EQ(sum_of_rates("epochs = 2, warmup = 1, schedule = exponential(gamma = 0.5)"),
                     2 * (1 + 0.5));
}

// What makes the loss smaller on the training row makes it larger on the other one.
TEST(Train, a_plateau_of_the_validation_loss_lowers_the_rate) {
    const Network network = network_of(
        "input x\ntarget y\nweight w = 0\nloss -w * x + 0 * y\n"
        "train rate = 1, dtype = f64, epochs = 5, schedule = plateau(patience = 1, factor = 0.5)");
    Diagnostics diagnostics;
    const TrainResult result =
        train(network, merge_options(network, {}),
              {.training = dataset_of({{1}}, {{0}}), .validation = dataset_of({{-1}}, {{0}})},
              diagnostics);
    EXPECT_DOUBLE_EQ(result.weights[0].data[0], 1 + 1 + 1 + 0.5 + 0.5);
}

TEST(Train, infinite_values_that_the_loss_masks_do_not_stop_it) {
    const Network network = network_of(
        "input x\ntarget y\nweight w = 1\nh = log(x)\np = where(x > 0, w * h, 0)\n"
        "loss squared_error(p, y)");
    const TrainResult result = train_on(network, {}, dataset_of({{0}, {2}}, {{0}, {1}}));
    EXPECT_FALSE(result.failure) << result.failure->message;
    EXPECT_EQ(result.epochs.size(), 10U);
}

TEST(Train, default_batch_shrinks_to_few_rows_and_a_chosen_one_is_refused) {
    const Network network = network_of(line);
    EXPECT_EQ(train_on(network, {}, noisy_plane(3)).epochs.size(), 10U);
    try {
        train_on(network, {.batch = 4, .batch_chosen = true}, noisy_plane(3));
        FAIL() << "a batch of 4 rows of 3";
    } catch (const UserError& error) {
        EXPECT_STREQ(error.what(),
                     "a batch of 4 rows is larger than the training part, which has 3: choose a "
                     "batch of at most 3");
    }
}

TEST(Train, validation_and_test_are_only_looked_at) {
    const Network network = network_of(line);
    const Dataset data = noisy_plane(30);
    const Dataset strange = dataset_of({{100, 100}}, {{-100}});
    Diagnostics diagnostics;
    const TrainOptions options{.epochs = 2};
    const TrainResult result = train(
        network, options, {.training = data, .validation = strange, .test = strange}, diagnostics);
    EXPECT_EQ(result.weights, train_on(network, options, data).weights);
    ASSERT_TRUE(result.epochs[1].validation && result.test);
    EXPECT_EQ(result.epochs[1].validation->loss, result.test->loss);
    EXPECT_GT(result.test->loss, 1000);
}

TEST(Train, a_network_without_data_is_minimised) {
    const Network network = network_of("weight a = 3, b = -2\nloss (a - 1)^2 + (b - 4)^2");
    Dataset one_empty_row;
    one_empty_row.rows = 1;
    const TrainResult result =
        train_on(network, {.epochs = 200, .dtype = DType::f64}, one_empty_row);
    EXPECT_NEAR(result.weights[0].data[0], 1, 1e-12);
    EXPECT_NEAR(result.weights[1].data[0], 4, 1e-12);
}

TEST(Train, xor_is_learnt) {
    const Network network = network_of(R"(
        input x[2]
        target y: class(2)
        weight W1[8, 2] ~ xavier_uniform
        weight b1[8] = 0
        weight W2[2, 8] ~ xavier_uniform
        weight b2[2] = 0
        z = W2 @ tanh(W1 @ x + b1) + b2
        loss cross_entropy(z, y)
    )");
    const Dataset data = dataset_of({{0, 0}, {0, 1}, {1, 0}, {1, 1}}, {{0}, {1}, {1}, {0}});
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        const TrainResult result =
            train_on(network, {.rate = 0.5, .epochs = 500, .seed = seed}, data);
        EXPECT_EQ(result.train.accuracy, 1.0) << "seed " << seed;
        EXPECT_LT(result.train.loss, 0.05) << "seed " << seed;
    }
}

}  // namespace
}  // namespace chainrule
