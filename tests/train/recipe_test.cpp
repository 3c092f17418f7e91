#include "train/recipe.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "network_text.h"
#include "train/checkpoint_json.h"
#include "train/recipe_text.h"

namespace chainrule {
namespace {

TrainOptions options_of(const std::string& train_line, const TrainOverrides& overrides = {}) {
    return merge_options(
        network_of("input x\ntarget y\nweight w = 1\nloss squared_error(w * x, y)\n" + train_line),
        overrides);
}

std::string recipe_refusal(const std::string& train_line, const TrainOverrides& overrides = {}) {
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
        "split = 0.25, stratify = none, class_weights = [1, 2.5], scale = none, missing = error");
    EXPECT_EQ(options.rate, 0.5);
    EXPECT_EQ(options.epochs, 7);
    EXPECT_EQ(options.batch, 3);
    EXPECT_TRUE(options.batch_chosen);
    EXPECT_EQ(options.seed, 9U);
    EXPECT_EQ(options.dtype, DType::f64);
    EXPECT_EQ(options.split, 0.25);
    EXPECT_FALSE(options.stratify);
    EXPECT_EQ(options.class_weights->by_number, (std::vector<double>{1, 2.5}));
    EXPECT_EQ(options.scale, Scale::none);
    EXPECT_EQ(options.missing, MissingCells::refuse);
}

std::map<std::string, double> weights_by_label(const std::string& text) {
    return options_of("", {.class_weights = text}).class_weights->by_label;
}

TEST(Recipe, class_weights_are_a_word_a_list_or_given_by_label) {
    EXPECT_TRUE(options_of("train class_weights = balanced").class_weights->balanced);
    EXPECT_TRUE(options_of("", {.class_weights = "balanced"}).class_weights->balanced);
    EXPECT_EQ(options_of("", {.class_weights = "1, 0.5,3"}).class_weights->by_number,
              (std::vector<double>{1, 0.5, 3}));
    using Map = std::map<std::string, double>;
    EXPECT_EQ(weights_by_label("no = 1, yes=3"), (Map{{"no", 1}, {"yes", 3}}));
    EXPECT_EQ(weights_by_label("<=50K=1,>50K=3"), (Map{{"<=50K", 1}, {">50K", 3}}));
    EXPECT_EQ(weights_by_label("red, dry=2,white=1"), (Map{{"red, dry", 2}, {"white", 1}}));
    EXPECT_EQ(weights_by_label("2=1,4=1e-3"), (Map{{"2", 1}, {"4", 1e-3}}));
}

TEST(Recipe, class_weights_read_back_as_they_were_said) {
    for (const std::string text : {"balanced", "1,0.5,3", "no=1,yes=0.1"}) {
        const TrainOptions options = options_of("", {.class_weights = text});
        const TrainOptions again = chainrule::options_of(recipe_of(options));
        EXPECT_EQ(text_of(recipe_of(again).at("class_weights")), text);
        EXPECT_EQ(recipe_json(options_of_json(recipe_json(options))), recipe_json(options));
    }
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

TEST(Recipe, the_command_line_can_replace_the_optimizer_and_its_rate) {
    EXPECT_EQ(options_of("train optimizer = adam(rate = 1e-3)", {.optimizer = "sgd"}).rate, 0.1);
}

TEST(Recipe, refuses_numbers_with_which_nothing_can_be_trained) {
    constexpr auto step = ": the step size must be a number above 0, such as 0.1";
    EXPECT_EQ(recipe_refusal("", {.rate = 0}), std::string("--rate is 0") + step);
    EXPECT_EQ(recipe_refusal("", {.rate = -1}), std::string("--rate is -1") + step);
    EXPECT_EQ(recipe_refusal("", {.rate = NAN}), std::string("--rate is nan") + step);
    EXPECT_EQ(recipe_refusal("", {.rate = INFINITY}), std::string("--rate is inf") + step);
    EXPECT_EQ(recipe_refusal("", {.epochs = 0}),
              "--epochs is 0: training takes a whole number of epochs, at least 1");
    EXPECT_EQ(recipe_refusal("", {.batch = -5}),
              "--batch is -5: a batch has a whole number of rows, at least 1");
    EXPECT_EQ(recipe_refusal("", {.seed = -1}),
              "--seed is -1: a seed is a whole number from 0 to 2^53");
    EXPECT_EQ(recipe_refusal("", {.split = 1}),
              "--split is 1: the part of the rows to hold out is a fraction below 1, such as 0.2");
    EXPECT_EQ(recipe_refusal("", {.dtype = "f16"}), "--dtype is f16: it is f32 or f64");
}

TEST(Recipe, an_optimizer_has_its_usual_rate_unless_another_is_said) {
    EXPECT_EQ(options_of("train optimizer = adam").rate, 1e-3);
    EXPECT_EQ(options_of("train optimizer = adam(rate = 0.5)").rate, 0.5);
    EXPECT_EQ(options_of("train optimizer = adam(rate = 0.5), rate = 0.25").rate, 0.25);
    EXPECT_EQ(options_of("train optimizer = adam(rate = 0.5)", {.rate = 2}).rate, 2);
    EXPECT_EQ(options_of("", {.optimizer = "adagrad"}).rate, 0.01);
}

TEST(Recipe, file_and_command_line_say_the_same_of_an_optimizer) {
    for (const TrainOptions& options :
         {options_of("train optimizer = adam(beta1 = 0.8, epsilon = 1e-6), warmup = 7, "
                     "schedule = cosine(final = 0.1), clip_norm = 1, clip_value = 2"),
          options_of("", {.optimizer = "adam( beta1=0.8,epsilon = 1e-6 )",
                          .schedule = "cosine(final=0.1)",
                          .warmup = 7,
                          .clip_norm = 1,
                          .clip_value = 2})}) {
        EXPECT_EQ(options.optimizer.name(), "adam");
        EXPECT_EQ(options.optimizer["beta1"], 0.8);
        EXPECT_EQ(options.optimizer["beta2"], 0.999);
        EXPECT_EQ(options.optimizer["epsilon"], 1e-6);
        EXPECT_EQ(options.schedule.name(), "cosine");
        EXPECT_EQ(options.schedule["final"], 0.1);
        EXPECT_EQ(options.warmup, 7);
        EXPECT_EQ(options.clipping.norm, 1);
        EXPECT_EQ(options.clipping.value, 2);
    }
}

TEST(Recipe, refuses_what_an_optimizer_or_a_schedule_has_not) {
    const auto of = [](const std::string& optimizer) {
        return recipe_refusal("", {.optimizer = optimizer});
    };
    EXPECT_EQ(of("sdg"), "--optimizer is sdg; did you mean sgd?");
    EXPECT_EQ(of("lion"),
              "--optimizer is lion; there are sgd, adam, adamw, rmsprop, adagrad, "
              "lbfgs, levenberg_marquardt");
    EXPECT_EQ(of("adam(rate = -1)"), "--optimizer: rate is a number above 0, and this is -1");
    EXPECT_EQ(of("adam(bta1 = 0.5)"), "--optimizer: adam has no setting bta1; did you mean beta1?");
    EXPECT_EQ(of("adam(beta1 = 1)"),
              "--optimizer: beta1 is a number from 0 to below 1, and this is 1");
    EXPECT_EQ(of("sgd(nesterov = 1)"),
              "--optimizer: nesterov needs momentum above 0: sgd(nesterov = 1, momentum = ...)");
    EXPECT_EQ(of("sgd(rate = 1, rate = 2)"),
              "--optimizer: sgd(rate = 1, rate = 2) sets rate twice");
    constexpr auto form = ": write a name, or a name with numbers such as sgd(momentum = 0.9)";
    EXPECT_EQ(of("adam(0.1)"), std::string("--optimizer is 0.1") + form);
    EXPECT_EQ(of("adam(rate = 0.1"), std::string("--optimizer is adam(rate = 0.1") + form);
    EXPECT_EQ(recipe_refusal("", {.schedule = "step"}),
              "--schedule: step needs every, a whole number of at least 1: step(every = ...)");
    EXPECT_EQ(recipe_refusal("", {.schedule = "cosin"}),
              "--schedule is cosin; did you mean cosine?");
    EXPECT_EQ(recipe_refusal("", {.clip_norm = 0}),
              "--clip-norm is 0: gradients are clipped to a number above 0, such as 1");
    EXPECT_EQ(recipe_refusal("", {.warmup = 0}),
              "--warmup is 0: the rate rises over a whole number of steps, at least 1");
}

}  // namespace
}  // namespace chainrule
