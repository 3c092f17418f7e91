// Steps that make what is not finite: they stop training, or are left out where that is asked for.
#include <gtest/gtest.h>

#include <cmath>

#include "data/split.h"
#include "network_text.h"
#include "train/loop.h"

namespace chainrule {
namespace {

TEST(Train, names_step_and_first_value_that_is_not_finite) {
    const Network network = network_of(
        "input x\ntarget y\nweight w = 1\nz = w * x\nh = log(z)\nloss squared_error(h, y)");
    const TrainResult result =
        train_on(network, {.rate = 0.1}, dataset_of({{1}, {2}, {-1}}, {{0}, {1}, {2}}));
    ASSERT_TRUE(result.failure);
    EXPECT_EQ(result.failure->message,
              "training stopped at step 1 (epoch 1, batch 1): h is the first value that is not "
              "finite; try a smaller rate than 0.1, or other initial values");
    EXPECT_EQ(result.weights[0].data[0], 1);
}

// One line is bad: its logarithm is NaN.
const char* const logarithm =
    "input x\ntarget y\nweight w = 1\nz = w * x\nh = log(z)\nloss squared_error(h, y)";

TEST(Train, names_the_row_that_is_not_finite_and_what_goes_in) {
    const Network network = network_of(logarithm);
    Dataset data = dataset_of({{1}, {2}, {-1}}, {{0}, {1}, {2}});
    data.source = "log.csv";
    data.lines.add(2, 3);
    const TrainResult result = train_on(network, {}, data);
    ASSERT_TRUE(result.failure);
    ASSERT_EQ(result.failure->notes.size(), 2U);
    EXPECT_EQ(result.failure->notes[0].message,
              "row 4 of log.csv makes it, as the network gets it: x = -1, y = 2");
    EXPECT_EQ(result.failure->notes[1].message, "what goes into h: z = -1");
    EXPECT_EQ(result.failed_on,
              (LeafValues{{"x", Tensor(-1)}, {"y", Tensor(2)}, {"w", Tensor(1)}}));
}

// w after three epochs of single rows in the order of training, by the formulas of sgd and adam, without the rows that
// have no logarithm.
double stepped_by_hand(bool adam, const Dataset& data, double rate) {
    double w = 1;
    double m = 0;
    double v = 0;
    int steps = 0;
    for (std::uint64_t epoch = 1; epoch <= 3; ++epoch) {
        for (const std::size_t row : epoch_order(data.rows, 0, epoch)) {
            const double x = data.inputs[0][row];
            if (w * x <= 0) {
                continue;
            }
            const double gradient = (std::log(w * x) - data.targets[row]) / w;
            ++steps;
            m = 0.9 * m + 0.1 * gradient;
            v = 0.999 * v + 0.001 * gradient * gradient;
            const double by_adam = m / (1 - std::pow(0.9, steps)) /
                                   (std::sqrt(v / (1 - std::pow(0.999, steps))) + 1e-8);
            w -= rate * (adam ? by_adam : gradient);
        }
    }
    return w;
}

// By hand: the same steps without the bad one.
TEST(Train, skips_a_step_as_if_its_rows_were_not_there) {
    const Network network = network_of(logarithm);
    const Dataset data = dataset_of({{1}, {-1}, {2}, {4}}, {{0}, {1}, {2}, {1}});
    for (const std::string optimizer : {"sgd", "adam"}) {
        for (const Backend backend : {Backend::native, Backend::reference}) {
            const TrainOptions options{.optimizer = Choice(find_optimizer(optimizer)->method),
                                       .rate = 0.01,
                                       .epochs = 3,
                                       .batch = 1,
                                       .dtype = DType::f64,
                                       .backend = backend,
                                       .on_nan = OnNan::skip};
            const TrainResult result = train_on(network, options, data);
            EXPECT_FALSE(result.failure);
            EXPECT_EQ(result.skipped.count, 3);
            EXPECT_TRUE(result.skipped.why.ends_with("(epoch 1, batch " +
                                                     std::to_string(result.skipped.first) +
                                                     "): h is the first value that is not finite"))
                << result.skipped.why;
            EXPECT_NEAR(result.weights[0].data[0],
                        stepped_by_hand(optimizer == "adam", data, options.rate), 1e-12)
                << optimizer;
        }
    }
}

TEST(Train, refuses_an_epoch_whose_steps_were_all_skipped) {
    const TrainResult result = train_on(network_of(logarithm), {.batch = 2, .on_nan = OnNan::skip},
                                        dataset_of({{-1}, {-2}, {-1}, {-3}}, {{0}, {1}, {2}, {1}}));
    ASSERT_TRUE(result.failure);
    EXPECT_EQ(result.failure->message,
              "training stopped after epoch 1: every one of its 2 steps was skipped, the first of "
              "all at step 1 (epoch 1, batch 1): h is the first value that is not finite; try a "
              "smaller rate than 0.1, or other initial values");
    EXPECT_EQ(result.weights[0].data[0], 1);
}

TEST(Train, a_state_that_overflows_is_named) {
    const Network network =
        network_of("input x\ntarget y\nweight w = 1\nloss w * x - y\ntrain optimizer = adam");
    const TrainResult result =
        train_on(network, merge_options(network, {}), dataset_of({{1}, {1e25}}, {{0}, {0}}));
    ASSERT_TRUE(result.failure);
    EXPECT_EQ(result.failure->message,
              "training stopped at step 1 (epoch 1, batch 1): the step makes adam.v.w of the "
              "optimizer infinite; try a smaller rate than 0.001, or other initial values");
}
}  // namespace
}  // namespace chainrule
