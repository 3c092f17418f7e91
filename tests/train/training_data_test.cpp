#include "train/training_data.h"

#include <gtest/gtest.h>

#include "data/test_files.h"
#include "network_text.h"

namespace chainrule {
namespace {

const std::string labelled = R"(
    input x[2]
    target y: class(2)
    weight W[2, 2] = 0
    loss cross_entropy(W @ x, y)
)";

PreparedData prepare(const std::string& network, const DataRequest& request,
                     const TrainOptions& options = {}) {
    Diagnostics diagnostics;
    return prepare_data(network_of(network), request, options, diagnostics);
}

TEST(TrainingData, columns_are_scaled_by_what_the_training_part_teaches) {
    const TempFolder folder;
    const std::string train = folder.write("train.csv", "0,5,0\n2,7,1\n");
    const std::string test = folder.write("test.csv", "3,6,1\n");
    const PreparedData data = prepare(labelled, {.data = train, .test = test});
    EXPECT_EQ(data.parts.training.inputs[0], (Numbers{-1, -1, 1, 1}));
    EXPECT_EQ(data.parts.test->inputs[0], (Numbers{2, 0}));
    EXPECT_EQ(data.parts.training.targets, (std::vector<double>{0, 1})) << "targets stay";
    EXPECT_EQ(data.learnt.preprocessing.means, (std::vector<double>{1, 6}));
}

TEST(TrainingData, scale_none_leaves_the_columns) {
    const TempFolder folder;
    const std::string train = folder.write("train.csv", "0,5,0\n2,7,1\n");
    const PreparedData data = prepare(labelled, {.data = train}, {.scale = Scale::none});
    EXPECT_EQ(data.parts.training.inputs[0], (Numbers{0, 5, 2, 7}));
}

TEST(TrainingData, split_holds_rows_out_and_does_not_learn_from_them) {
    const TempFolder folder;
    std::string rows;
    for (int i = 0; i < 50; ++i) {
        rows +=
            std::to_string(i) + "," + std::to_string(2 * i) + "," + std::to_string(i % 2) + "\n";
    }
    const std::string path = folder.write("rows.csv", rows);
    const PreparedData data = prepare(labelled, {.data = path}, {.seed = 3, .split = 0.2});
    ASSERT_TRUE(data.parts.validation);
    EXPECT_EQ(data.parts.training.rows, 40U);
    EXPECT_EQ(data.parts.validation->rows, 10U);
    double sum = 0;
    for (std::size_t i = 0; i < 80; i += 2) {
        sum += data.parts.training.inputs[0][i];
    }
    EXPECT_NEAR(sum, 0, 1e-12) << "the mean is that of the training rows";
    const PreparedData again = prepare(labelled, {.data = path}, {.seed = 3, .split = 0.2});
    EXPECT_EQ(again.parts.validation->inputs, data.parts.validation->inputs);
}

TEST(TrainingData, text_classes_of_the_test_file_follow_those_of_training) {
    const TempFolder folder;
    const std::string train = folder.write("train.csv", "1,2,no\n3,4,yes\n");
    const std::string test = folder.write("test.csv", "5,6,yes\n7,8,yes\n");
    const PreparedData data = prepare(labelled, {.data = train, .test = test});
    EXPECT_EQ(data.learnt.labels, (std::vector<std::string>{"no", "yes"}));
    EXPECT_EQ(data.parts.test->targets, (std::vector<double>{1, 1}));
}

TEST(TrainingData, categories_are_learnt_from_the_training_rows_alone) {
    const std::string network = "input x[30]\ntarget y\nweight w[30] = 0\nloss (w @ x - y)^2\n";
    const TempFolder folder;
    std::string rows;
    for (int i = 0; i < 30; ++i) {
        rows += "name" + std::to_string(i) + "," + std::to_string(i) + "\n";
    }
    const PreparedData data =
        prepare(network, {.data = folder.write("d.csv", rows)}, {.seed = 1, .split = 0.2});
    ASSERT_EQ(data.learnt.encodings.size(), 1U);
    EXPECT_EQ(data.learnt.encodings[0].categories.size(), 24U);
    const Numbers& held_out = data.parts.validation->inputs[0];
    for (std::size_t i = 0; i < held_out.size(); ++i) {
        EXPECT_EQ(held_out[i], 0) << "no held-out row has a category that training knows";
    }
}

TEST(TrainingData, refuses_a_test_file_whose_columns_stand_in_another_order) {
    const TempFolder folder;
    const std::string train = folder.write("train.csv", "a,b,y\n1,2,0\n3,4,1\n");
    const std::string test = folder.write("test.csv", "b,a,y\n2,1,0\n");
    EXPECT_EQ(refusal([&] { prepare(labelled, {.data = train, .test = test}); }),
              test + ": its input column 1 is b, and that of " + train +
                  " is a: give both files the same columns in the same order");
}

TEST(TrainingData, several_targets_are_not_supported_yet) {
    const std::string two = "input x\ntarget y\ntarget u\nweight w = 1\nloss (w * x - y - u)^2";
    EXPECT_THROW(prepare(two, {.data = "-"}), UnsupportedError);
}

TEST(TrainingData, a_network_without_input_and_target_takes_one_empty_row) {
    EXPECT_EQ(prepare("weight w = 1\nloss w^2", {}).parts.training.rows, 1U);
}

}  // namespace
}  // namespace chainrule
