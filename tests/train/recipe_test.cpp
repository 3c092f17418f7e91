#include "train/recipe.h"

#include <gtest/gtest.h>

#include "network_text.h"

namespace chainrule {
namespace {

TrainOptions options_of(const std::string& train_line, const TrainOverrides& overrides = {}) {
    return merge_options(
        network_of("input x\ntarget y\nweight w = 1\nloss squared_error(w * x, y)\n" + train_line),
        overrides);
}

std::string refusal(const std::string& train_line, const TrainOverrides& overrides = {}) {
    try {
        options_of(train_line, overrides);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "accepted";
}

TEST(Recipe, defaults_are_plain_sgd) {
    const TrainOptions options = options_of("");
    EXPECT_EQ(options.rate, 0.1);
    EXPECT_EQ(options.epochs, 10);
    EXPECT_EQ(options.batch, 32);
    EXPECT_EQ(options.seed, 0U);
    EXPECT_EQ(options.dtype, DType::f32);
    EXPECT_EQ(options.split, 0);
    EXPECT_EQ(options.scale, Scale::standard);
    EXPECT_FALSE(options.batch_chosen);
}

TEST(Recipe, the_train_statement_overrides_the_defaults) {
    const TrainOptions options = options_of(
        "train optimizer = sgd(rate = 0.5), epochs = 7, batch = 3, seed = 9, dtype = f64, "
        "split = 0.25, scale = none, missing = error");
    EXPECT_EQ(options.rate, 0.5);
    EXPECT_EQ(options.epochs, 7);
    EXPECT_EQ(options.batch, 3);
    EXPECT_TRUE(options.batch_chosen);
    EXPECT_EQ(options.seed, 9U);
    EXPECT_EQ(options.dtype, DType::f64);
    EXPECT_EQ(options.split, 0.25);
    EXPECT_EQ(options.scale, Scale::none);
    EXPECT_EQ(options.missing, MissingCells::refuse);
}

TEST(Recipe, the_command_line_overrides_the_train_statement) {
    const TrainOptions options =
        options_of("train optimizer = sgd(rate = 0.5), epochs = 7, batch = 3, dtype = f64",
                   {.rate = 0.2, .epochs = 8, .dtype = "f32"});
    EXPECT_EQ(options.rate, 0.2);
    EXPECT_EQ(options.epochs, 8);
    EXPECT_EQ(options.batch, 3);
    EXPECT_EQ(options.dtype, DType::f32);
}

TEST(Recipe, the_command_line_can_replace_an_optimizer_that_is_not_there_yet) {
    EXPECT_EQ(options_of("train optimizer = adam(rate = 1e-3)", {.optimizer = "sgd"}).rate, 0.1);
}

TEST(Recipe, refuses_numbers_with_which_nothing_can_be_trained) {
    constexpr auto step = ": the step size must be a number above 0, such as 0.1";
    EXPECT_EQ(refusal("", {.rate = 0}), std::string("--rate is 0") + step);
    EXPECT_EQ(refusal("", {.rate = -1}), std::string("--rate is -1") + step);
    EXPECT_EQ(refusal("", {.rate = NAN}), std::string("--rate is nan") + step);
    EXPECT_EQ(refusal("", {.rate = INFINITY}), std::string("--rate is inf") + step);
    EXPECT_EQ(refusal("", {.epochs = 0}),
              "--epochs is 0: training takes a whole number of epochs, at least 1");
    EXPECT_EQ(refusal("", {.batch = -5}),
              "--batch is -5: a batch has a whole number of rows, at least 1");
    EXPECT_EQ(refusal("", {.seed = -1}), "--seed is -1: a seed is a whole number from 0 to 2^53");
    EXPECT_EQ(refusal("", {.split = 1}),
              "--split is 1: the part of the rows to hold out is a fraction below 1, such as 0.2");
    EXPECT_EQ(refusal("", {.dtype = "f16"}), "--dtype is f16: it is f32 or f64");
}

TEST(Recipe, what_comes_later_is_not_supported_rather_than_wrong) {
    EXPECT_THROW(options_of("train optimizer = adam"), UnsupportedError);
    EXPECT_THROW(options_of("train optimizer = sgd(momentum = 0.9)"), UnsupportedError);
    EXPECT_THROW(options_of("train schedule = cosine"), UnsupportedError);
    EXPECT_THROW(options_of("train clip = 1"), UnsupportedError);
    EXPECT_THROW(options_of("", {.optimizer = "adam"}), UnsupportedError);
    EXPECT_EQ(refusal("", {.optimizer = "adam"}),
              "--optimizer is adam: training is by plain gradient descent, sgd, so far; momentum, "
              "adam and others come later");
}

TEST(Recipe, a_slip_in_the_optimizers_name_is_named) {
    EXPECT_THROW(options_of("", {.optimizer = "sdg"}), UserError);
    EXPECT_EQ(refusal("", {.optimizer = "sdg"}), "--optimizer is sdg: did you mean sgd?");
}

}  // namespace
}  // namespace chainrule
