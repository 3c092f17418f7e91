// The weights of rows and of classes: what they are, where they come from, what is refused.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "data/test_files.h"
#include "network_text.h"
#include "train/class_weights.h"
#include "train/streamed_data.h"
#include "train/training_data.h"

namespace chainrule {
namespace {

// --- class weights --------------------------------------------------------------------------

const std::string labelled_text = R"(
    input x
    target kind: class(2)
    weight W[2] = 0
    o = W * x
    loss cross_entropy(o, kind)
)";

std::vector<double> found_weights(const ClassWeights& said, const std::vector<std::size_t>& rows,
                                  const std::vector<std::string>& labels = {}) {
    TrainOptions options;
    options.class_weights = said;
    const TargetClasses classes{rows.size(), [](auto y) { return std::size_t(y[0]); }};
    ClassTally tally(classes);
    tally.rows = rows;
    return class_weights(options, network_of(labelled_text), {classes, tally, labels});
}

TEST(ClassWeights, balanced_ones_are_those_of_scikit_learn) {
    // What tests/data/weights/make.py has of it.
    const auto sklearn = nlohmann::json::parse(
        std::ifstream(CHAINRULE_SOURCE_DIR "/tests/data/weights/weights.json"));
    for (const auto& one : sklearn["classes"]) {
        const std::vector<double> wanted = one["balanced"];
        const std::vector<double> found = found_weights({.balanced = true}, one["rows"]);
        ASSERT_EQ(found.size(), wanted.size());
        for (std::size_t k = 0; k < found.size(); ++k) {
            EXPECT_NEAR(found[k], wanted[k], 1e-15 * wanted[k]);
        }
    }
    EXPECT_EQ(found_weights({.balanced = true}, {2, 0, 2}), (std::vector<double>{1, 1, 1}))
        << "a class without rows is none";
}

TEST(ClassWeights, are_given_by_number_or_by_label_and_1_where_none_is_given) {
    EXPECT_EQ(found_weights({.by_number = {1, 3}}, {5, 5}), (std::vector<double>{1, 3}));
    EXPECT_EQ(found_weights({.by_label = {{"yes", 3}}}, {5, 5}, {"no", "yes"}),
              (std::vector<double>{1, 3}));
    EXPECT_EQ(found_weights({.by_label = {{">50K.", 3}}}, {5, 5}, {"<=50K", ">50K"}),
              (std::vector<double>{1, 3}))
        << "a full stop is no part of a label";
    EXPECT_EQ(found_weights({.by_label = {{"1", 3}}}, {5, 5}), (std::vector<double>{1, 3}));
}

TEST(ClassWeights, of_other_classes_than_there_are_are_refused) {
    EXPECT_EQ(refusal([] { found_weights({.by_number = {1, 3, 2}}, {5, 5}); }),
              "class_weights gives 3 weights, and kind has 2 classes: give one weight for each");
    EXPECT_EQ(refusal([] { found_weights({.by_label = {{"yess", 3}}}, {5, 5}, {"no", "yes"}); }),
              "class_weights names yess, which is no class of kind; did you mean yes?");
    EXPECT_EQ(refusal([] { found_weights({.by_label = {{"2", 3}}}, {5, 5}); }),
              "class_weights names 2, which is no class of kind; there are 0, 1");
}

PreparedData prepare_text(const std::string& network, const std::string& rows,
                          const DataRequest& more, const TrainOptions& options) {
    const TempFolder folder;
    DataRequest request = more;
    request.data = folder.write("d.csv", rows);
    Diagnostics diagnostics;
    return prepare_data(network_of(network), request, options, diagnostics);
}

TEST(ClassWeights,
     multiply_the_weights_of_the_rows_of_both_parts_and_are_learnt_of_the_training_part) {
    std::string rows = "x,w,kind\n";
    for (int i = 0; i < 40; ++i) {
        rows +=
            std::to_string(i) + "," + std::to_string(1 + i % 3) + (i % 4 == 0 ? ",b\n" : ",a\n");
    }
    TrainOptions options{.split = 0.25};
    options.class_weights = ClassWeights{.balanced = true};
    const PreparedData data =
        prepare_text(labelled_text, rows, {.data = "", .weights = "w"}, options);
    const double of_a = 30.0 / (2 * 22);  // 8 of 30 and 2 of 10 are held out
    const double of_b = 30.0 / (2 * 8);
    for (const Dataset* part : {&data.parts.training, &*data.parts.validation}) {
        const double n_b = std::accumulate(part->targets.begin(), part->targets.end(), 0.0);
        EXPECT_EQ(n_b, part == &data.parts.training ? 8 : 2);
        for (std::size_t row = 0; row < part->rows; ++row) {
            const double by_row = part->weights[row] / (part->targets[row] == 1 ? of_b : of_a);
            EXPECT_NEAR(by_row, std::round(by_row), 1e-12);
            EXPECT_TRUE(by_row > 0.5 && by_row < 3.5);
        }
    }
}

TEST(ClassWeights, weigh_a_number_that_is_0_or_1_too) {
    TrainOptions options;
    options.class_weights = ClassWeights{.balanced = true};
    const std::string text =
        "input x\ntarget y\nweight w = 0\np = sigmoid(w * x)\nloss binary_cross_entropy(p, y)\n";
    const PreparedData data = prepare_text(text, "1,0\n2,0\n3,0\n4,1\n", {}, options);
    EXPECT_EQ(data.parts.training.weights, (std::vector<double>{2 / 3.0, 2 / 3.0, 2 / 3.0, 2}));
}

TEST(ClassWeights, of_a_target_that_tells_no_class_are_refused) {
    TrainOptions options;
    options.class_weights = ClassWeights{.balanced = true};
    EXPECT_EQ(refusal([&] {
                  prepare_text("input x\ntarget y\nweight w = 0\nloss (w * x - y)^2\n",
                               "1,0.5\n2,7\n", {}, options);
              }),
              "class_weights weighs classes, and the target y holds numbers: leave it out, or "
              "declare `target y: class(n)` if they are labels");
    EXPECT_EQ(
        refusal([&] {
            prepare_text("input x\nweight w = 0\nloss (w * x)^2\n", "1\n2\n", {}, options);
        }),
        "class_weights weighs classes, and net.nn has no target that tells any: leave it out");
    EXPECT_EQ(
        refusal([&] { prepare_text("weight w = 0\nloss w^2\n", "1\n", {}, options); }),
        "class_weights weighs classes, and net.nn has no target that tells any: leave it out");
}

// --- the column of weights ------------------------------------------------------------------

const std::string line_of_two =
    "input x[2]\ntarget y\nweight w[2] = 0\no = w @ x\nloss (o - y)^2\n";

std::string weights_refusal(const std::string& rows,
                            const DataRequest& request = {.data = "", .weights = "w"},
                            const TrainOptions& options = {}) {
    const TempFolder folder;
    const std::string path = folder.write("d.csv", rows);
    std::string said = refusal([&] {
        DataRequest all = request;
        all.data = path;
        Diagnostics diagnostics;
        prepare_data(network_of(line_of_two), all, options, diagnostics);
    });
    for (auto at = said.find(path); at != said.npos; at = said.find(path)) {
        said.replace(at, path.size(), "d.csv");
    }
    return said;
}

TEST(WeightColumn, feeds_no_input_and_is_not_the_last_column) {
    for (const std::string weights : {"w", "4"}) {
        const PreparedData data =
            prepare_text(line_of_two, "a,b,y,w\n1,2,3,4\n2,5,7,6\n",
                         {.data = "", .weights = weights}, {.scale = Scale::none});
        EXPECT_EQ(data.parts.training.inputs[0], (Numbers{1, 2, 2, 5}));
        EXPECT_EQ(data.parts.training.targets, (std::vector<double>{3, 7}));
        EXPECT_EQ(data.parts.training.weights, (std::vector<double>{4, 6}));
        EXPECT_EQ(data.learnt.weight_column, "w");
        EXPECT_EQ(data.learnt.weight_place, 3U);
    }
}

TEST(WeightColumn, refuses_what_is_no_weight_naming_row_and_column) {
    EXPECT_EQ(weights_refusal("a,b,w,y\n1,2,3,4\n1,2,-1,4\n"),
              "d.csv: row 3, column 3 (w): the weight is -1: it is a finite number, at least 0");
    EXPECT_EQ(
        weights_refusal("a,b,w,y\n1,2,3,4\n1,2,,4\n"),
        "d.csv: row 3, column 3 (w): the weight is missing: remove the row or give it a weight");
    EXPECT_EQ(weights_refusal("a,b,w,y\n1,2,x,4\n1,2,y,4\n"),
              "d.csv: column 3 (w) holds text (\"x\"), but a weight is a number: select another "
              "column with --weights");
    EXPECT_EQ(
        weights_refusal("a,b,w,y\n1,2,0,4\n1,2,0,4\n"),
        "d.csv: the weights of all rows are 0, so that none counts: give some of them a weight "
        "above 0");
    EXPECT_EQ(weights_refusal("a,b,w,y\n1,2,3,4\n", {.data = "", .weights = "v"}),
              "d.csv has no column called v: its columns are a, b, w, y");
    EXPECT_EQ(
        weights_refusal("a,b,w,y\n1,2,3,4\n", {.data = "", .weights = "y"}),
        "d.csv: column 4 (y) holds the weights and cannot be the target y too: select another "
        "column with --weights or --target");
    EXPECT_TRUE(contains(weights_refusal("a,w,y\n1,3,4\n"),
                         "d.csv has 1 column besides the target and the weights, but"));
}

// A target that is missing, a class and a category of its own, a loss that is NaN, and numbers far
// from the others.
const std::string weighted_head = "w,x,colour,kind\n";
const std::vector<std::string> weightless_rows{"0,2,red,\n", "0.0,?,blue,maybe\n", "0,-5,grey,no\n",
                                               "0,1e30,red,yes\n"};
const std::string log_text = R"(
    input x[3]
    target kind: class(2)
    weight W[2, 3] ~ normal(0.5)
    z = W @ x + log(x[0])
    output z
    loss cross_entropy(z, kind)
)";

std::string weighted_rows(const std::vector<std::string>& more, bool is_plain) {
    std::string text = weighted_head;
    for (std::size_t i = 0; i < 40; ++i) {
        text += i % 10 == 3 && i / 10 < more.size() ? more[i / 10] : "";
        text += std::to_string(1 + i % 3) + "," + std::to_string(1 + i * 37 % 101) +
                (i % 4 == 0 ? ",blue"
                 : is_plain ? ",red"
                            : ",\"red\n\"") +
                (i % 3 == 0 ? ",yes\n" : ",no\n");
    }
    return text;
}

struct Learnt {
    TrainResult result;
    std::vector<std::string> said;
};

Learnt learn(const std::string& path, const TrainOptions& options, bool streamed) {
    const Network network = network_of(log_text);
    const DataRequest request{.data = path, .weights = "w"};
    Diagnostics diagnostics;
    Learnt learnt;
    if (streamed) {
        const StreamedData data = prepare_stream(network, request, options, 100, diagnostics);
        learnt.result = train(network, options, data.sources, diagnostics);
    } else {
        const PreparedData data = prepare_data(network, request, options, diagnostics);
        learnt.result = train(network, options, data.parts, diagnostics);
    }
    for (const Diagnostic& diagnostic : diagnostics.items()) {
        learnt.said.push_back(diagnostic.message);
    }
    return learnt;
}

void expect_same_with_and_without(const Learnt& with, const Learnt& without) {
    ASSERT_FALSE(with.result.failure) << with.result.failure->message;
    EXPECT_EQ(with.result.weights[0].data, without.result.weights[0].data);
    EXPECT_EQ(with.result.train.loss, without.result.train.loss);
    EXPECT_EQ(with.result.train.confusion, without.result.train.confusion);
    EXPECT_TRUE(with.said.at(0).ends_with("with.csv: 4 rows of weight 0 are left out"));
    EXPECT_EQ(with.said.size(), without.said.size() + 1);
}

TEST(WeightColumn, a_row_of_weight_0_counts_as_if_it_did_not_stand_there) {
    const TempFolder folder;
    TrainOptions options{.epochs = 3, .batch = 8, .scale = Scale::none};
    options.missing = MissingCells::refuse;
    for (const bool is_plain : {true, false}) {  // a line end in quotes is no plain text
        const std::string with = folder.write("with.csv", weighted_rows(weightless_rows, is_plain));
        const std::string without = folder.write("without.csv", weighted_rows({}, is_plain));
        for (const double split : {0.0, 0.25}) {
            options.split = split;
            for (const bool streamed : {false, true}) {
                expect_same_with_and_without(learn(with, options, streamed),
                                             learn(without, options, streamed));
            }
        }
    }
}

TEST(WeightColumn, messages_name_the_rows_of_the_file_behind_one_of_weight_0) {
    EXPECT_EQ(weights_refusal("a,b,w,y\n1,2,3,4\n1,2,0,?\n1,2,1,?\n"),
              "d.csv: row 4, column 4 (y): the target is missing: remove the row or complete it");
}

TEST(WeightColumn, of_a_test_file_plays_no_role_and_may_be_missing) {
    const TempFolder folder;
    struct Case {
        std::string training, test;
    };
    for (const auto& [training, test] :
         {Case{"w,a,b,y\n1,2,3,4\n2,5,6,7\n", "w,a,b,y\n0,2,3,4\n"},
          Case{"w,a,b,y\n1,2,3,4\n2,5,6,7\n", "a,b,y\n2,3,4\n"},
          Case{"1,2,3,4\n2,5,6,7\n", "-9,2,3,4\n"}, Case{"1,2,3,4\n2,5,6,7\n", "2,3,4\n"}}) {
        for (const std::string target : {"", "4"}) {
            DataRequest request{.data = folder.write("d.csv", training),
                                .test = folder.write("t.csv", test),
                                .target = target,
                                .weights = "1"};
            Diagnostics diagnostics;
            const PreparedData data =
                prepare_data(network_of(line_of_two), request, {.scale = Scale::none}, diagnostics);
            EXPECT_EQ(data.parts.test->inputs[0], (Numbers{2, 3})) << test;
            EXPECT_EQ(data.parts.test->targets, (std::vector<double>{4})) << test;
            EXPECT_TRUE(data.parts.test->weights.empty());
        }
    }
}

}  // namespace
}  // namespace chainrule
