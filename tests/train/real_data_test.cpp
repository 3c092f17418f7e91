// Small networks on whole data sets: what training is for.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <numbers>

#include "ir/random.h"
#include "network_text.h"
#include "train/training_data.h"

namespace chainrule {
namespace {

// Two interleaved half circles with noise, as in scikit-learn's make_moons.
Dataset two_moons(std::size_t rows, std::uint64_t seed) {
    const RandomStream random(seed, stream_id("two moons"));
    std::vector<std::vector<double>> points;
    std::vector<std::vector<double>> classes;
    for (std::size_t i = 0; i < rows; ++i) {
        const double angle = std::numbers::pi * random.uniform(3 * i);
        const bool lower = i % 2 == 1;
        const double x = lower ? 1 - std::cos(angle) : std::cos(angle);
        const double y = lower ? 0.5 - std::sin(angle) : std::sin(angle);
        points.push_back({x + 0.1 * random.normal(3 * i + 1), y + 0.1 * random.normal(3 * i + 2)});
        classes.push_back({lower ? 1.0 : 0.0});
    }
    return dataset_of(points, classes);
}

TEST(RealData, two_moons_are_told_apart_to_over_95_percent) {
    const Network network = network_of(R"(
        input x[2]
        target y: class(2)
        weight W1[16, 2] ~ xavier_normal
        weight b1[16] = 0
        weight W2[2, 16] ~ xavier_normal
        weight b2[2] = 0
        z = W2 @ tanh(W1 @ x + b1) + b2
        loss cross_entropy(z, y)
    )");
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
        Diagnostics diagnostics;
        const TrainResult result = train(
            network, {.rate = 0.5, .epochs = 60, .batch = 20, .seed = seed},
            {.training = two_moons(400, seed), .test = two_moons(200, seed + 100)}, diagnostics);
        EXPECT_GT(result.test.value().accuracy.value(), 0.95) << "seed " << seed;
    }
}

TEST(RealData, banknotes_reach_98_percent_held_out) {
    const std::string path =
        std::string(CHAINRULE_SHARED_DATA) + "/tabular/banknote_authentication.csv";
    if (!std::filesystem::exists(path)) {
        GTEST_SKIP() << "banknote_authentication.csv is not there";
    }
    const Network network = network_of(R"(
        input x[4]
        target y: class(2)
        weight W1[8, 4] ~ xavier_uniform
        weight b1[8] = 0
        weight w2[8] ~ xavier_uniform
        weight b2 = 0
        p = sigmoid(w2 @ tanh(W1 @ x + b1) + b2)
        loss binary_cross_entropy(p, y)
    )");
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
        const TrainOptions options{.epochs = 50, .seed = seed, .split = 0.2};
        Diagnostics diagnostics;
        const PreparedData data = prepare_data(network, {.data = path}, options, diagnostics);
        const TrainResult result = train(network, options, data.parts, diagnostics);
        EXPECT_GE(result.epochs.back().validation.value().accuracy.value(), 0.98)
            << "seed " << seed;
    }
}

}  // namespace
}  // namespace chainrule
