// What is not finite, beside the plain cases of loop_test.cpp: single precision, the held-out part.
#include "train/failed_step.h"

#include <gtest/gtest.h>

#include "data/test_files.h"
#include "network_text.h"

namespace chainrule {
namespace {

const std::string logarithm_text =
    "input x\ntarget y\nweight w = 1\nz = w * x\nh = log(z)\nloss squared_error(h, y)";

// exp(100) is a number in double precision, in which q is 1. (p / (1 + p) would be trained as the
// sigmoid that it is.)
TEST(FailedStep, names_the_row_whose_value_leaves_the_range_of_single_precision) {
    const Network network = network_of(
        "input x\ntarget y\nweight w = 1\nz = w * x\np = exp(z)\nq = p / (2 + p)\n"
        "loss squared_error(q, y)");
    Dataset data = dataset_of({{1}, {100}}, {{0}, {1}});
    data.source = "steep.csv";
    data.lines.add(2, 2);
    const TrainResult result = train_on(network, {}, data);
    ASSERT_TRUE(result.failure);
    EXPECT_EQ(result.failure->message,
              "training stopped at step 1 (epoch 1, batch 1): p is the first value beyond f32's "
              "range; try a smaller rate than 0.1, or other initial values");
    ASSERT_EQ(result.failure->notes.size(), 2U);
    EXPECT_EQ(result.failure->notes[0].message,
              "row 3 of steep.csv makes it, as the network gets it: x = 100, y = 1");
    EXPECT_EQ(result.failure->notes[1].message, "what goes into p: z = 100");
    EXPECT_FALSE(train_on(network, {.epochs = 1, .dtype = DType::f64}, data).failure);
}

TEST(FailedStep, names_a_gradient_beyond_single_precision) {
    const Network network =
        network_of("input x\ntarget y\nweight w = 1e-30\nh = w * x\nloss (h - y)^2");
    const TrainResult result = train_on(network, {}, dataset_of({{1e30}}, {{1e10}}));
    ASSERT_TRUE(result.failure);
    EXPECT_TRUE(contains(result.failure->message,
                         "the gradient of w is beyond f32's range, though the loss is within it"))
        << result.failure->message;
}

// The held-out row has no logarithm.
TEST(FailedStep, a_held_out_loss_that_is_nan_is_told_once_and_is_never_the_best) {
    const Network network = network_of(logarithm_text);
    TrainingData data{.training = dataset_of({{1}, {2}}, {{0}, {1}}),
                      .validation = dataset_of({{3}, {-1}}, {{1}, {2}})};
    data.validation->source = "log.csv";
    data.validation->lines.add(2, 2);
    Diagnostics diagnostics;
    const TrainResult result =
        train(network, {.rate = 1e-9, .epochs = 50, .patience = 3}, data, diagnostics);
    EXPECT_FALSE(result.failure);
    ASSERT_EQ(diagnostics.items().size(), 1U);
    EXPECT_EQ(diagnostics.items()[0].message,
              "the loss of the held-out part is nan after epoch 1: h is the first value that is "
              "not finite");
    ASSERT_EQ(diagnostics.items()[0].notes.size(), 2U);
    EXPECT_EQ(diagnostics.items()[0].notes[0].message,
              "row 3 of log.csv makes it, as the network gets it: x = -1, y = 2");
    EXPECT_EQ(diagnostics.items()[0].notes[1].message, "what goes into h: z = -1");
    EXPECT_EQ(result.best.epoch, 0);
    EXPECT_EQ(result.epochs.size(), 3U);
    EXPECT_EQ(result.convergence,
              "stopped after 3 epochs without a finite loss of the held-out part; the last weights "
              "are kept");
    EXPECT_EQ(result.model_weights(), result.weights);
}

}  // namespace
}  // namespace chainrule
