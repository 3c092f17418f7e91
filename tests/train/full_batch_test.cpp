// Methods of the whole data: Levenberg-Marquardt against NIST's certified parameters
// (tests/data/nist), what it takes for a sum of squares, and where training stops. L-BFGS against
// PyTorch is in optimizer_test.cpp.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "data/table.h"
#include "network_text.h"
#include "train/training_data.h"

namespace chainrule {
namespace {

using nlohmann::json;

const std::string folder = CHAINRULE_SOURCE_DIR "/tests/data/nist/";

std::string text_of_set(const json& set, std::size_t start) {
    std::string text;
    for (const std::string input : set["inputs"]) {
        text += "input " + input + "\n";
    }
    text += "target y\n";
    for (std::size_t i = 0; i < set["starts"][start].size(); ++i) {
        text += "weight b" + std::to_string(i + 1) + " = " +
                format_number(set["starts"][start][i]) + "\n";
    }
    return text + "f = " + set["model"].get<std::string>() + "\noutput f\nloss (y - f)^2\n";
}

Dataset rows_of_set(const Network& network, const json& set, const TrainOptions& options) {
    std::string file = set["name"];
    std::ranges::transform(file, file.begin(), [](char c) { return std::tolower(c); });
    Diagnostics diagnostics;
    const DataRequest request{.data = folder + file + ".csv", .target = "y"};
    return prepare_data(network, request, options, diagnostics).parts.training;
}

// How many digits of the worst parameter agree: -log10 of the relative error.
double agreeing_digits(const json& set, const TrainResult& result) {
    double worst = 0;
    for (std::size_t i = 0; i < result.weights.size(); ++i) {
        const double certified = set["certified"][i];
        worst = std::max(worst, std::abs(result.weights[i].data[0] / certified - 1));
    }
    return -std::log10(worst);
}

void expect_certified(const json& set, std::size_t start, const std::string& backend) {
    const Network network = network_of(text_of_set(set, start));
    const TrainOptions options = merge_options(network, {.optimizer = "levenberg_marquardt",
                                                         .epochs = 1000,
                                                         .dtype = "f64",
                                                         .backend = backend,
                                                         .scale = "none"});
    const Dataset rows = rows_of_set(network, set, options);
    ASSERT_EQ(rows.rows, set["rows"].get<std::size_t>());
    const TrainResult result = train_on(network, options, rows);
    const std::string where = set["name"].get<std::string>() + " from start " +
                              std::to_string(start + 1) + " by " + backend + ", " +
                              result.convergence;
    EXPECT_GE(agreeing_digits(set, result), 6) << where;
    EXPECT_TRUE(result.convergence.starts_with("converged after ")) << where;
    if (set["name"] != "Lanczos1") {  // whose sum of squares is what rounding leaves
        const double squares = result.train.loss * static_cast<double>(rows.rows);
        EXPECT_NEAR(squares, set["sum_of_squares"], 1e-8 * squares) << where;
    }
}

// Compiling takes longer than fitting: six sets are compiled too.
TEST(LevenbergMarquardt, finds_six_digits_of_all_parameters_that_nist_certifies_from_both_starts) {
    const json sets = json::parse(std::ifstream(folder + "nist.json"));
    ASSERT_EQ(sets.size(), 27U);
    const std::set<std::string> compiled{"Misra1a", "Rat42",   "BoxBOD",
                                         "DanWood", "Thurber", "MGH09"};
    for (const json& set : sets) {
        for (const std::size_t start : {0, 1}) {
            expect_certified(set, start, "reference");
            if (compiled.contains(set["name"])) {
                expect_certified(set, start, "native");
            }
        }
    }
}

// The line through three points, by hand: w = 2, b = 1/3 - squares of 1/3, 2/3, 1/3.
const std::string line_text =
    "input x\ntarget y\nweight w = 0\nweight b = 5\nf = w * x + b\noutput f\n";
const Dataset points = dataset_of({{0}, {1}, {2}}, {{0}, {3}, {4}});

TrainOptions least_squares(const Network& network, const TrainOverrides& more = {}) {
    TrainOverrides overrides = more;
    overrides.optimizer = "levenberg_marquardt";
    overrides.dtype = "f64";
    overrides.epochs = 50;
    return merge_options(network, overrides);
}

TEST(LevenbergMarquardt, reads_every_way_of_writing_a_sum_of_squares) {
    for (const char* loss :
         {"(y - f)^2", "(f - y) * (f - y)", "1/2 * (y - f)^2", "(y - f)^2 / 2",
          "squared_error(f, y)", "mean_squared_error(f, y)", "sum((y - f)^2)",
          "e^2\nconstant c = 3\ne = c * (f - y)", "(y - f)^2 + 0.5 * (y - f)^2"}) {
        for (const char* backend : {"native", "reference"}) {
            std::string text = line_text + "loss " + loss + "\n";
            const Network network = network_of(text);
            const TrainResult result =
                train_on(network, least_squares(network, {.backend = backend}), points);
            EXPECT_NEAR(trained(network, result, "w").data[0], 2, 1e-12) << loss;
            EXPECT_NEAR(trained(network, result, "b").data[0], 1.0 / 3, 1e-12) << loss;
        }
    }
}

// Ridge regression, by its normal equations: (X'X / 3 + 0.1) w = X'y / 3 with X = (0, 1, 2).
TEST(LevenbergMarquardt, counts_penalties_as_squares_that_no_row_has) {
    const Network network =
        network_of("input x\ntarget y\nweight w = 1\nloss (y - w * x)^2\npenalty 0.1 * sum(w^2)\n");
    const TrainResult result = train_on(network, least_squares(network), points);
    EXPECT_NEAR(trained(network, result, "w").data[0], 11.0 / 3 / (5.0 / 3 + 0.1), 1e-12);
}

// With as many weights as make every residual 0; several outputs, matrices.
TEST(LevenbergMarquardt, fits_a_network_with_several_outputs) {
    const Network network = network_of(
        "input x[2]\ntarget y[2]\nweight W[3, 2] ~ xavier_normal\nweight b[3] = 0.1\n"
        "weight V[2, 3] ~ xavier_normal\nf = V @ tanh(W @ x + b)\noutput f\nloss sum((f - y)^2)\n");
    const Dataset rows = dataset_of({{0, 1}, {1, 0}, {1, 1}}, {{1, 0}, {0, 1}, {0.5, -0.5}});
    for (const char* backend : {"native", "reference"}) {
        const TrainResult result =
            train_on(network, least_squares(network, {.backend = backend}), rows);
        EXPECT_LT(result.train.loss, 1e-20) << backend;
    }
}

std::string full_batch_refusal(const std::string& text, const TrainOverrides& more = {}) {
    try {
        const Network network = network_of(text);
        train_on(network, least_squares(network, more), points);
    } catch (const UserError& error) {
        return error.diagnostics()[0].message;
    }
    return "accepted";
}

TEST(LevenbergMarquardt, refuses_a_loss_that_is_no_sum_of_squares) {
    const std::string wanted =
        "levenberg_marquardt needs a sum of squares, and this is none: write (y - f)^2, "
        "squared_error(f, y) or mean_squared_error(f, y), or take another optimizer, such as lbfgs";
    for (const char* loss : {"abs(y - f)", "(y - f)^4", "-(y - f)^2", "(y - f)^2 * w", "y - f"}) {
        EXPECT_EQ(full_batch_refusal(line_text + "loss " + loss + "\n"), wanted) << loss;
    }
    EXPECT_EQ(full_batch_refusal(line_text + "loss (y - f)^2\npenalty abs(w)\n"), wanted);
}

TEST(LevenbergMarquardt, refuses_what_is_too_large_for_its_derivatives) {
    const std::string many = full_batch_refusal(
        "input x\ntarget y\nweight w[20000, 2000] = 1\nf = sum(w) * x\noutput f\nloss (y - f)^2\n");
    EXPECT_EQ(many,
              "levenberg_marquardt is for small problems: it keeps the derivative of each of 3 "
              "residuals by each of 40000000 numbers in the weights, more than 100000000: take "
              "fewer rows or weights, or another optimizer, such as lbfgs");
    EXPECT_EQ(full_batch_refusal("input x\ntarget y\nweight w[200] = 1\nf = w * x\noutput f\n"
                                 "loss sum((f - y)^2)\n"),
              "levenberg_marquardt takes the derivative of each element of a residual, at most "
              "100, and here are 200: take another optimizer, such as lbfgs");
}

TEST(LevenbergMarquardt, stops_at_a_start_that_has_no_finite_residuals_and_says_where) {
    const Network network = network_of(
        "input x\ntarget y\nweight w = 1000\nf = exp(w * x)\noutput f\nloss (y - f)^2\n");
    const TrainResult result = train_on(network, least_squares(network), points);
    ASSERT_TRUE(result.failure);
    EXPECT_EQ(result.failure->message,
              "training stopped at step 1 (epoch 1, batch 1): f is the first value that is not "
              "finite; try other initial values");
}

TEST(Lbfgs, finds_the_minimum_of_a_loss_that_is_no_square_and_stops_there) {
    const Network network = network_of(
        "input x\ntarget y\nweight w = 3\nweight b = -1\nloss cosh(y - w * x - b)\n"
        "train optimizer = lbfgs(strong_wolfe = 1, tolerance_change = 0), dtype = f64, epochs = "
        "100\n");
    const TrainResult result = train_on(network, merge_options(network, {}), points);
    EXPECT_TRUE(result.convergence.starts_with("converged after ")) << result.convergence;
    EXPECT_LT(result.epochs.size(), 10U);
    EXPECT_NEAR(trained(network, result, "w").data[0], 2, 1e-6);
}

TEST(FullBatch, has_no_batches_nor_clipping_and_levenberg_marquardt_no_rate) {
    const std::string text = line_text + "loss (y - f)^2\n";
    EXPECT_EQ(full_batch_refusal(text, {.batch = 2}),
              "--batch is 2: levenberg_marquardt works on the whole data in every step, without "
              "batches and clipping: leave it out");
    EXPECT_EQ(full_batch_refusal(text, {.rate = 0.1}),
              "--rate is 0.1: levenberg_marquardt has no rate: it finds the lengths of its steps "
              "itself: leave it out");
    // What the file says of another optimiser does not stand in the way of trying this one.
    EXPECT_EQ(
        full_batch_refusal(text + "train optimizer = adam(rate = 0.1), batch = 2, clip_norm = 1\n"),
        "accepted");
}

}  // namespace
}  // namespace chainrule
