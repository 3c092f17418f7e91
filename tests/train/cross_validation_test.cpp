#include "train/cross_validation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "data/test_files.h"
#include "network_text.h"

namespace chainrule {
namespace {

const std::string kinds_text = R"(
    input x[3]
    target kind: class(2)
    weight W[2, 3] = 0
    o = W @ x
    loss cross_entropy(o, kind)
)";

// A number, a category whose rarest value has one row, and a class of which there are few.
std::string rows_of(std::size_t count) {
    std::string text = "size,colour,kind\n";
    for (std::size_t i = 0; i < count; ++i) {
        text += std::to_string(i * 37 % 101) + (i == 3 ? ",rare" : ",common") +
                (i % 6 == 0 ? ",yes\n" : ",no\n");
    }
    return text;
}

CrossValidation validated(const std::string& text, const std::string& rows, std::size_t folds,
                          TrainOptions options = {}, std::vector<std::string>* said = nullptr) {
    const TempFolder folder;
    options.epochs = 3;
    FoldHooks hooks;
    hooks.on_diagnostic = [&](const Diagnostic& diagnostic) {
        if (said != nullptr) {
            said->push_back(diagnostic.message);
        }
    };
    return cross_validate(network_of(text), options, {.data = folder.write("d.csv", rows)}, folds,
                          hooks);
}

TEST(CrossValidation, deals_out_no_row_of_weight_0) {
    const TempFolder folder;
    const Network network = network_of(
        "input x\ntarget y\nweight a = 1\no = a * x\noutput o\n"
        "loss squared_error(o, log(y))\n");
    TrainOptions options;
    options.epochs = 1;
    const auto folds = [&](const std::string& rows) {
        const DataRequest request{.data = folder.write("d.csv", rows), .weights = "w"};
        return cross_validate(network, options, request, 3, {});
    };
    const CrossValidation found = folds("w,x,y\n1,1,2\n0,2,-4\n1,3,6\n0,4,8\n2,5,7\n");
    EXPECT_EQ(folds_json(found), folds_json(folds("w,x,y\n1,1,2\n1,3,6\n2,5,7\n")));
    EXPECT_EQ(found.folds.size(), 3U);
}

TEST(CrossValidation, measures_every_row_once_and_each_class_in_proportion) {
    const CrossValidation found = validated(kinds_text, rows_of(60), 5);
    ASSERT_EQ(found.folds.size(), 5U);
    for (const FoldRecord& fold : found.folds) {
        EXPECT_EQ(fold.rows, 12U);
        EXPECT_EQ(fold.training_rows, 48U);
        const auto& confusion = fold.metrics.confusion;
        EXPECT_EQ(confusion[1][0] + confusion[1][1], 2U) << "10 of the 60 are of the class";
    }
    std::uint64_t all = 0;
    for (const auto& row : found.mean.confusion) {
        all += row[0] + row[1];
    }
    EXPECT_EQ(all, 60U);
}

TEST(CrossValidation, a_fold_is_a_training_on_the_others_with_the_fold_as_its_test) {
    const TempFolder folder;
    const std::string path = folder.write("d.csv", rows_of(40));
    const Network network = network_of(kinds_text);
    const TrainOptions options{.epochs = 4, .seed = 9};
    const CrossValidation found = cross_validate(network, options, {.data = path}, 4, FoldHooks{});
    // The same by hand: the rows of a fold in one file, the others in another.
    std::vector<std::uint32_t> classes;
    for (std::size_t row = 0; row < 40; ++row) {
        classes.push_back(row % 6 == 0 ? 1 : 0);  // "no" is class 0, "yes" class 1
    }
    const std::vector<std::size_t> fold = folds_of_rows(classes, 4, 9);
    const std::size_t left_out = (fold[3] + 1) % 4;  // the rare colour stays in the training part
    std::string training = "size,colour,kind\n";
    std::string test = training;
    const std::string rows = rows_of(40);
    std::size_t at = rows.find('\n') + 1;
    for (std::size_t row = 0; row < 40; ++row) {
        const std::size_t end = rows.find('\n', at) + 1;
        (fold[row] == left_out ? test : training) += rows.substr(at, end - at);
        at = end;
    }
    Diagnostics diagnostics;
    const PreparedData data = prepare_data(
        network,
        {.data = folder.write("train.csv", training), .test = folder.write("test.csv", test)},
        options, diagnostics);
    const TrainResult result = train(network, options, data.parts, diagnostics);
    EXPECT_EQ(found.folds[left_out].metrics.loss, result.test->loss);
    EXPECT_EQ(found.folds[left_out].metrics.confusion, result.test->confusion);
}

// One row has no logarithm: of its fold the loss is NaN, and all other trainings stop.
TEST(CrossValidation, says_which_fold_and_row_make_a_loss_that_is_not_finite) {
    const std::string text = "input x\ntarget y\nweight w = 1\nh = log(x)\nloss (w * h - y)^2\n";
    for (const char* rows : {"x,y\n-1,4\n1,2\n2,3\n4,5\n", "x,y\n1,2\n2,3\n4,5\n-1,4\n"}) {
        std::vector<std::string> said;
        const CrossValidation found = validated(text, rows, 2, {.scale = Scale::none}, &said);
        ASSERT_TRUE(found.failure);
        EXPECT_EQ(found.failed_on,
                  (LeafValues{{"x", Tensor(-1)}, {"y", Tensor(4)}, {"w", Tensor(1)}}));
        if (found.folds.empty()) {
            EXPECT_TRUE(found.failure->message.starts_with("fold 1: training stopped at"));
            continue;
        }
        const std::string told =
            "fold 1: the loss of its rows is nan: h is the first value that is not finite, and the "
            "data "
            "alone makes it so";
        EXPECT_EQ(said, std::vector<std::string>{told});
        const auto fold = nlohmann::json::parse(folds_json(found))["folds"][0];
        EXPECT_EQ(fold["not_finite"]["message"], told);
        EXPECT_TRUE(
            contains(fold["not_finite"]["notes"][0].get<std::string>(),
                     "d.csv makes it by its column x, as the network gets it: x = -1, y = 4"));
    }
}

// Of each fold's training; what is said names the first fold that has it.
TEST(CrossValidation, tells_symptoms_and_skipped_steps_of_each_fold) {
    std::vector<std::string> said;
    const std::string dead =
        "input x[3]\ntarget kind: class(2)\nweight W[4, 3] ~ he_normal\nweight b[4] = -100\n"
        "weight V[2, 4] ~ xavier_normal\no = V @ relu(W @ x + b)\nloss cross_entropy(o, kind)\n";
    const auto json = nlohmann::json::parse(folds_json(validated(dead, rows_of(30), 3, {}, &said)));
    for (const auto& fold : json["folds"]) {
        EXPECT_EQ(fold["symptoms"][0]["name"], "dead_units");
        EXPECT_FALSE(fold.contains("skipped"));
    }
    EXPECT_EQ(std::ranges::count_if(said,
                                    [](const std::string& message) {
                                        return message.starts_with("fold ") &&
                                               message.find(" are dead: ") != message.npos;
                                    }),
              1);

    const std::string logarithm =
        "input x\ntarget y\nweight w = 1\nh = log(w * x)\nloss squared_error(h, y)\n";
    const std::string one_bad = "1,0\n2,1\n-1,2\n3,1\n";
    TrainOptions options{.rate = 0.01, .batch = 1, .on_nan = OnNan::skip, .scale = Scale::none};
    said.clear();
    const auto skipped =
        nlohmann::json::parse(folds_json(validated(logarithm, one_bad, 2, options, &said)));
    std::int64_t folds_with_bad = 0;
    for (const auto& fold : skipped["folds"]) {
        if (fold.contains("skipped")) {
            EXPECT_EQ(fold["skipped"]["steps"], 3) << "one in each epoch";
            const std::string begin = "fold " + fold["fold"].dump() +
                                      ": skipped 3 steps that would have made a NaN or an infinity";
            EXPECT_TRUE(said.at(0).starts_with(begin)) << said.at(0);
            ++folds_with_bad;
        }
    }
    EXPECT_EQ(folds_with_bad, 1);
}

TEST(CrossValidation, names_the_fold_whose_training_stops_and_promises_no_weights) {
    const CrossValidation found =
        validated("input x\ntarget y\nweight w = 1\nh = log(w * x)\nloss squared_error(h, y)\n",
                  "1,0\n2,1\n-1,2\n3,1\n", 2, {.batch = 4, .scale = Scale::none});
    ASSERT_TRUE(found.failure);
    const std::string fold = std::to_string(found.folds.size() + 1);
    EXPECT_EQ(found.failure->message,
              "fold " + fold +
                  ": training stopped at step 1 (epoch 1, batch 1): h is the first "
                  "value that is not finite; try a smaller rate than 0.1, or other initial values");
}

TEST(CrossValidation, mean_and_deviation_are_those_of_numpy) {
    const CrossValidation found = validated(kinds_text, rows_of(30), 3);
    double mean = 0;
    double square = 0;
    for (const FoldRecord& fold : found.folds) {
        mean += *fold.metrics.accuracy / 3;
        square += *fold.metrics.accuracy * *fold.metrics.accuracy / 3;
    }
    EXPECT_NEAR(*found.mean.accuracy, mean, 1e-15);
    EXPECT_NEAR(*found.deviation.accuracy, std::sqrt(square - mean * mean), 1e-7);
}

TEST(CrossValidation, gives_the_same_bits_at_any_number_of_threads_and_others_by_another_seed) {
    const CrossValidation one = validated(kinds_text, rows_of(60), 3, {.threads = 1});
    const CrossValidation four = validated(kinds_text, rows_of(60), 3, {.threads = 4});
    EXPECT_EQ(folds_json(one), folds_json(four));
    EXPECT_NE(folds_json(one), folds_json(validated(kinds_text, rows_of(60), 3, {.seed = 1})));
}

TEST(CrossValidation, a_category_of_the_fold_alone_is_unknown_to_its_training) {
    std::vector<std::string> said;
    validated(kinds_text, rows_of(60), 5, {}, &said);
    EXPECT_EQ(std::ranges::count_if(said,
                                    [](const std::string& message) {
                                        return message.find("\"rare\"") != message.npos;
                                    }),
              1);
}

TEST(CrossValidation, warns_once_of_a_class_with_fewer_rows_than_folds) {
    std::vector<std::string> said;
    validated(kinds_text, rows_of(13), 5, {}, &said);
    EXPECT_EQ(std::ranges::count(
                  said, "class yes has 3 rows, fewer than the 5 folds: some have none of it"),
              1);
}

TEST(CrossValidation, refuses_more_folds_than_rows_and_a_network_without_data) {
    EXPECT_EQ(
        refusal([] { validated(kinds_text, rows_of(12), 13); }),
        "12 rows cannot be dealt out to 13 folds: --folds is at least 2 and at most the number "
        "of rows");
    EXPECT_EQ(
        refusal([] { validated("weight w = 1\nloss w^2\n", "1\n", 2); }),
        "net.nn has neither input nor target, so that there are no rows to deal out: leave out "
        "--folds");
}

TEST(CrossValidation, prints_a_table_and_an_object) {
    const CrossValidation found = validated(
        "input x\ntarget y\nweight w = 0\no = w * x\nloss (o - y)^2\n", "1,2\n2,3\n3,5\n4,7\n", 2);
    EXPECT_EQ(fold_heading(found.folds[0]),
              "fold     rows       loss       RMSE        MAE         R2\n");
    EXPECT_TRUE(fold_line(found.folds[0]).starts_with("   1        2 "));
    EXPECT_TRUE(fold_summary(found).starts_with("mean          "));
    EXPECT_NE(fold_summary(found).find("\n std          "), std::string::npos);
    const auto json = nlohmann::json::parse(folds_json(found));
    EXPECT_EQ(json["folds"].size(), 2U);
    EXPECT_EQ(json["folds"][1]["fold"], 2);
    EXPECT_EQ(json["folds"][1]["training_rows"], 2);
    EXPECT_EQ(json["mean"]["rmse"], *found.mean.rmse);
    EXPECT_EQ(json["std"]["loss"], found.deviation.loss);
    EXPECT_FALSE(json["mean"].contains("confusion"));
}

}  // namespace
}  // namespace chainrule
