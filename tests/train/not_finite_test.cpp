// Steps that make what is not finite: they stop training, or are left out where that is asked for.
#include <gtest/gtest.h>

#include <cmath>

#include "data/split.h"
#include "data/test_files.h"
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

TEST(Train, names_a_penalty_that_is_not_finite) {
    const Network network = network_of(
        "input x\ntarget y\nweight w = -1\nloss squared_error(w * x, y)\npenalty w^2\n"
        "penalty 0.1 * log(w)");
    const TrainResult result = train_on(network, {}, dataset_of({{1}, {2}}, {{0}, {1}}));
    ASSERT_TRUE(result.failure);
    EXPECT_NE(
        result.failure->message.find("the penalty is not finite, though every named value is"),
        std::string::npos)
        << result.failure->message;
    EXPECT_EQ(result.failure->span.begin, network.graph.origin(network.penalties[1]).begin);
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

// w after three epochs of single rows in the order of training, by the formulas of sgd and adam,
// without the rows that have no logarithm.
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

// What the message of a training on these rows of `a`, `size` and `y` says, and its notes.
std::vector<std::string> told_on(const std::string& text, const TrainOptions& options) {
    Dataset data = dataset_of({{1, 2}, {3, 0}, {2, 4}}, {{1}, {-2}, {3}});
    data.source = "sizes.csv";
    data.columns = {"a", "size"};
    data.target_columns = {"y"};
    data.lines.add(2, 3);
    const TrainResult result =
        train_on(network_of("input x[2]\ntarget y\nweight w = 1\n" + text), options, data);
    std::vector<std::string> lines{result.failure ? result.failure->message : "finite"};
    for (const Note& note : result.failure ? result.failure->notes : std::vector<Note>()) {
        lines.push_back(note.message);
    }
    return lines;
}

constexpr const char* by_data =
    "training stopped at step 1 (epoch 1, batch 1): h is the first value that is not finite, and "
    "the "
    "data alone makes it so; no rate or initial value helps: mend the data or the formula";

TEST(NotFinite, of_the_data_alone_is_told_with_its_column_and_no_advice_on_the_rate) {
    const TrainOptions plain{.scale = Scale::none};
    EXPECT_EQ(told_on("h = log(x[1])\nloss (w * h - y)^2", plain),
              (std::vector<std::string>{
                  by_data + std::string(", or leave such steps out with --on-nan skip"),
                  "row 3 of sizes.csv makes it by its column size, as the network gets it: x = [3, "
                  "0], y = -2",
                  "what goes into h: x = [3, 0]"}));
    // What the steps take part in is told as before.
    const std::string stepped = told_on("h = log(w * x[1] - 1)\nloss (h - y)^2", plain)[0];
    EXPECT_TRUE(
        stepped.ends_with("not finite; try a smaller rate than 0.1, or other initial values"))
        << stepped;
    // A target, two columns of which either would do, and columns that training standardises.
    EXPECT_TRUE(contains(told_on("h = log(y)\nloss w * h", plain)[1], "by its column y, as"));
    EXPECT_TRUE(contains(told_on("h = log(4 - x[0] - x[1])\nloss w * h", plain)[1],
                         "by its columns a and size, as"));
    EXPECT_TRUE(contains(told_on("h = log(x[1])\nloss w * h", {})[0],
                         "mend the data or the formula (number columns are standardised, unless "
                         "--scale none), or leave"));
}

TEST(NotFinite, that_may_not_be_skipped_or_is_already_gets_no_such_advice) {
    const std::string text = "h = log(x[1])\nloss (w * h - y)^2";
    EXPECT_EQ(told_on(text, {.optimizer = Choice(find_optimizer("lbfgs")->method),
                             .scale = Scale::none})[0],
              by_data);
    EXPECT_TRUE(
        told_on(text, {.batch = 3, .on_nan = OnNan::skip, .scale = Scale::none})[0].ends_with(
            "no rate or initial value helps: mend the data or the formula"));
}

TEST(NotFinite, at_exactly_0_is_told_to_keep_away_from_it) {
    const std::string keep_away =
        "; keep what it begins with away from exactly 0, as sqrt(z + 1e-12) does where sqrt(z) "
        "does not";
    const TrainOptions plain{.scale = Scale::none};
    EXPECT_EQ(told_on("h = log(w * x[1])\nloss (h - y)^2", plain)[0],
              "training stopped at step 1 (epoch 1, batch 1): h is the first value that is not "
              "finite" +
                  keep_away);
    for (const char* const text : {"loss sqrt((w * x[1])^2)", "loss (w * x[1])^0.5 - y",
                                   "loss y / (w * x[1])", "loss rsqrt(w * x[1])"}) {
        EXPECT_TRUE(told_on(text, plain)[0].ends_with(keep_away)) << told_on(text, plain)[0];
    }
    EXPECT_EQ(told_on("h = w / x[1]\nloss h - y", plain).back(), "it begins with 1/0 = inf");
    EXPECT_FALSE(contains(told_on("loss exp(1000 * w * x[1])", plain)[0], "exactly 0"));
}

// A dead unit masks the gradient, so that no step has a number that is not finite; its loss has.
TEST(NotFinite, of_the_loss_alone_is_told_with_its_step_and_row) {
    const Network network = network_of(
        "input x\ntarget y\nweight w = 0.5\no = log(relu(w * x))\nloss squared_error(o, y)");
    Dataset data = dataset_of({{1}, {2}, {3}, {-1}}, {{0.1}, {0.2}, {0.3}, {0.4}});
    data.source = "logs.csv";
    data.lines.add(2, 4);
    for (const Backend backend : {Backend::native, Backend::reference}) {
        TrainOptions options{.rate = 0.01, .batch = 1, .scale = Scale::none};
        options.backend = backend;
        const TrainResult result = train_on(network, options, data);
        ASSERT_TRUE(result.failure);
        EXPECT_TRUE(result.failure->message.starts_with("training stopped at step ") &&
                    contains(result.failure->message, "o is the first value that is not finite"))
            << result.failure->message;
        EXPECT_TRUE(contains(result.failure->notes[0].message, "row 5 of logs.csv makes it"));
        EXPECT_EQ(result.symptoms.told.size(), 0U);
    }
}

TEST(NotFinite, of_constants_alone_is_told_as_such) {
    EXPECT_EQ(
        told_on("constant c = 0\nk = log(c)\nloss (w * x[0] - k - y)^2", {})[0],
        "training stopped at step 1 (epoch 1, batch 1): k is the first value that is not finite, "
        "and no weight has a part in it; no rate or initial value helps: mend the formula");
}

// An anonymous value inside of the loss, with the numbers that it is made of.
TEST(NotFinite, is_told_with_the_operation_that_it_begins_with) {
    const auto told = told_on("loss (w * log(x[1]) - y)^2", {.scale = Scale::none});
    EXPECT_EQ(told.back(), "it begins with log(0) = -inf");
    const auto divided = told_on("loss w * (x[1] / x[1]) - y", {.scale = Scale::none});
    EXPECT_EQ(divided.back(), "it begins with 0/0 = nan");
}

// In single precision the clipped output is 1, in double precision just below.
TEST(NotFinite, of_a_rounded_probability_is_told_with_the_loss_to_take) {
    const std::string text =
        "o = min([sigmoid(9 * w * x[0]), 1 - 1e-9])\nt = max([0, min([1, y])])\n"
        "loss binary_cross_entropy(o, t)";
    const auto told = told_on(text, {.batch = 1, .scale = Scale::none});
    EXPECT_TRUE(
        contains(told[0],
                 "binary_cross_entropy(o, t) gets a probability that has rounded to 1, where "
                 "its derivative is 0 / 0; take "
                 "binary_cross_entropy_with_logits(z, y) of the z that goes into the sigmoid"))
        << told[0];
    EXPECT_EQ(told_on(text, {.batch = 1, .dtype = DType::f64, .scale = Scale::none})[0], "finite");
}

// Of an output that is 1 in every row: against y the loss is infinite, with it only the derivative
// is none.
std::vector<std::string> told_on_saturated(const std::string& text) {
    return told_on("o = min([sigmoid(50 * w * x[0]), 1])\n" + text, {.scale = Scale::none});
}

TEST(NotFinite, begins_with_a_rounded_probability_in_the_row_that_is_told) {
    const auto loss = told_on_saturated("t = y > 0\nloss binary_cross_entropy(o, t)");
    EXPECT_TRUE(contains(loss[0], "not finite; take binary_cross_entropy_with_logits")) << loss[0];
    EXPECT_TRUE(contains(loss[1], "row 3 of sizes.csv makes it")) << loss[1];
    EXPECT_EQ(loss.back(),
              "binary_cross_entropy(o, t) gets a probability that has rounded to 1, where it is "
              "infinite");
    const auto gradient = told_on_saturated("loss binary_cross_entropy(o, 1 + 0 * y)");
    EXPECT_TRUE(contains(gradient[0],
                         "the gradient of w is not finite, though the loss is; take "
                         "binary_cross_entropy_with_logits"))
        << gradient[0];
    EXPECT_TRUE(gradient.back().ends_with("rounded to 1, where its derivative is 0 / 0"))
        << gradient.back();
}

TEST(NotFinite, that_begins_elsewhere_is_not_blamed_on_a_rounded_probability) {
    for (const char* const text :
         {"h = log(x[1])\nloss w * h + binary_cross_entropy(o, 1 + 0 * y)",
          "loss binary_cross_entropy(o, 1 + 0 * y) + log(y - 3)",
          "t = y > 0\nh = log(x[1] - 4)\nloss w * h + binary_cross_entropy(o, t)"}) {
        const auto told = told_on_saturated(text);
        EXPECT_TRUE(contains(told[0], "no rate or initial value helps: mend the data")) << told[0];
        for (const std::string& line : told) {
            EXPECT_FALSE(contains(line, "round") || contains(line, "logits")) << line;
        }
    }
}

// Also where it comes in rows before.
TEST(NotFinite, of_the_test_part_is_not_blamed_on_a_probability_that_is_its_y) {
    const Network network = network_of(
        "input x[2]\ntarget y\nweight w = 1\no = clip(sigmoid(w * x[0]), 0, 1)\nh = log(x[1])\n"
        "loss binary_cross_entropy(o, y) + 0 * h");
    std::vector<std::vector<double>> rows(300, {40, 1});
    rows.back() = {0.5, -1};
    Diagnostics diagnostics;
    TrainingData data{.training = dataset_of({{0.1, 1}, {0.2, 1}}, {{1}, {0}}),
                      .test = dataset_of(rows, std::vector(300, std::vector{1.0}))};
    const TrainResult result = train(network, {.rate = 1e-9}, data, diagnostics);
    ASSERT_TRUE(result.test_failure);
    EXPECT_EQ(result.test_failure->what,
              "h is the first value that is not finite, and the data alone makes it so");
    EXPECT_TRUE(contains(result.test_failure->notes[0].message, "x = [0.5, -1], y = 1"));
}

TEST(NotFinite, a_loss_of_the_test_part_is_explained) {
    Diagnostics diagnostics;
    TrainingData data{.training = dataset_of({{1}, {2}}, {{0}, {1}}),
                      .test = dataset_of({{3}, {-1}}, {{1}, {2}})};
    const TrainResult result = train(network_of(logarithm), {.rate = 1e-9}, data, diagnostics);
    EXPECT_FALSE(result.failure);
    ASSERT_TRUE(result.test_failure);
    EXPECT_EQ(result.test_failure->what, "h is the first value that is not finite");
    EXPECT_TRUE(contains(result.test_failure->notes[0].message, "x = -1, y = 2"));
}

}  // namespace
}  // namespace chainrule
