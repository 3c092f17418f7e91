#include "train/report.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "network_text.h"

namespace chainrule {
namespace {

const std::string two_weights = "weight w1 = 1, W[2, 2] = 0\nloss w1^2 + sum(W^2)";

TrainResult sample_result() {
    TrainResult result;
    result.epochs = {{.epoch = 1, .train = {0.75, 0.5}, .validation = Metrics{0.8, 0.25}},
                     {.epoch = 2, .train = {0.1, 1.0}, .validation = Metrics{0.3, 0.75}}};
    result.train = {0.1, 1.0};
    result.test = Metrics{0.2, 0.875};
    result.weights = {Tensor(0.1), Tensor({2, 2}, {1, 2, 3, 4})};
    return result;
}

TEST(Report, json_is_the_contract) {
    EXPECT_EQ(
        report_json(network_of(two_weights), sample_result()),
        R"({"epochs":[{"epoch":1,"rate":0.0,"train":{"loss":0.75,"accuracy":0.5},)"
        R"("validation":{"loss":0.8,"accuracy":0.25}},)"
        R"({"epoch":2,"rate":0.0,"train":{"loss":0.1,"accuracy":1.0},)"
        R"("validation":{"loss":0.3,"accuracy":0.75}}],)"
        R"("final":{"train":{"loss":0.1,"accuracy":1.0},"test":{"loss":0.2,"accuracy":0.875}},)"
        R"("weights":{"w1":0.1,"W":[[1.0,2.0],[3.0,4.0]]}})"
        "\n");
}

TEST(Report, json_leaves_out_what_there_is_not) {
    TrainResult result;
    result.epochs = {{.epoch = 1, .train = {0.75, {}}, .validation = {}}};
    result.train = {0.75, {}};
    result.weights = {Tensor(0.1), Tensor({2, 2}, {1, 2, 3, 4})};
    EXPECT_EQ(
        report_json(network_of(two_weights), result),
        R"({"epochs":[{"epoch":1,"rate":0.0,"train":{"loss":0.75}}],"final":{"train":{"loss":0.75}},)"
        R"("weights":{"w1":0.1,"W":[[1.0,2.0],[3.0,4.0]]}})"
        "\n");
}

TEST(Report, json_says_numbers_that_are_not_finite_as_strings) {
    TrainResult result = sample_result();
    result.test = Metrics{std::numeric_limits<double>::infinity(), 0.0};
    result.train.loss = std::numeric_limits<double>::quiet_NaN();
    const auto json = nlohmann::json::parse(report_json(network_of(two_weights), result));
    EXPECT_EQ(json["final"]["test"]["loss"], "inf");
    EXPECT_EQ(json["final"]["train"]["loss"], "nan");
}

TEST(Report, json_numbers_read_back_to_the_same_double) {
    TrainResult result = sample_result();
    result.weights[0] = Tensor(0.1 + 0.2);
    const auto json = nlohmann::json::parse(report_json(network_of(two_weights), result));
    EXPECT_EQ(json["weights"]["w1"].get<double>(), 0.1 + 0.2);
}

TEST(Report, json_holds_a_thousand_numbers_of_weights_and_no_more) {
    for (const std::int64_t count : {1000, 1001}) {
        const Network network =
            network_of("weight w[" + std::to_string(count) + "] = 0\nloss sum(w)");
        TrainResult result;
        result.weights = {Tensor::filled({count}, 0)};
        const auto json = nlohmann::json::parse(report_json(network, result));
        EXPECT_EQ(json.contains("weights"), count == 1000);
    }
}

TEST(Report, json_says_why_training_ended_early) {
    TrainResult result = sample_result();
    result.interrupted = true;
    EXPECT_EQ(nlohmann::json::parse(report_json(network_of(two_weights), result))["stopped"],
              "interrupted");
    result.failure = Diagnostic{.message = "the end", .span = {}, .notes = {}};
    EXPECT_EQ(nlohmann::json::parse(report_json(network_of(two_weights), result))["stopped"],
              "the end; the weights are kept as they were after initialisation");
}

TEST(Report, text_is_a_table_with_the_weights_below) {
    const TrainResult result = sample_result();
    EXPECT_EQ(epoch_heading(result.epochs[0]) + epoch_lines(result.epochs[0]) +
                  epoch_lines(result.epochs[1]),
              "epoch                loss   accuracy\n"
              "    1 training       0.75    50.00 %\n"
              "      held out        0.8    25.00 %\n"
              "    2 training        0.1   100.00 %\n"
              "      held out        0.3    75.00 %\n");
    EXPECT_EQ(report_text(network_of(two_weights), result),
              "test: loss 0.2, accuracy 87.50 %\n"
              "\n"
              "weights\n"
              "  w1 = 0.1\n"
              "  W = [[1, 2],\n"
              "       [3, 4]]\n");
}

TEST(Report, text_says_on_what_was_trained) {
    Dataset ten;
    ten.rows = 10;
    Dataset two;
    two.rows = 2;
    const Network network = network_of("weight w = 1\nloss w^2");
    EXPECT_EQ(data_line(sources_of(network, {.training = ten})), "training on 10 rows\n");
    EXPECT_EQ(data_line(sources_of(network, {.training = ten, .validation = two, .test = two})),
              "training on 10 rows, 2 held out, testing on 2\n");
}

}  // namespace
}  // namespace chainrule
