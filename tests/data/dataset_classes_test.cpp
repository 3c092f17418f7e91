// What labels of classes may be, and which class each becomes.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "bound_table.h"

namespace chainrule {
namespace {

TEST(Dataset, maps_text_classes_in_sorted_order_and_says_so) {
    const Dataset data =
        bind("1,setosa\n2,virginica\n3,other\n4,setosa\n", vector_and_target(1, 3));
    EXPECT_EQ(data.targets, (std::vector<double>{1, 2, 0, 1}));
    EXPECT_EQ(data.labels, (std::vector<std::string>{"other", "setosa", "virginica"}));
    EXPECT_EQ(data.diagnostics[0].severity, Severity::note);
    EXPECT_EQ(
        only_message(data),
        "the target column 2 is text, read as \"other\" = 0, \"setosa\" = 1, \"virginica\" = 2");
}

TEST(Dataset, maps_two_texts_to_0_and_1_for_a_scalar_target) {
    const Dataset data = bind("1,R\n2,M\n", vector_and_target(1));
    EXPECT_EQ(data.targets, (std::vector<double>{1, 0}));
    EXPECT_EQ(bind("1,R\n2,M\n", vector_and_target(1, 2)).targets, (std::vector<double>{1, 0}));
}

TEST(Dataset, refuses_text_of_another_number_of_classes) {
    EXPECT_EQ(bind_refusal("1,a\n2,b\n3,c\n", vector_and_target(1)),
              "d.csv: column 2 holds text with 3 different values, but the target y is a number: "
              "declare `target y: class(3)` or select another column with --target");
    EXPECT_EQ(bind_refusal("1,a\n2,b\n3,c\n", vector_and_target(1, 4)),
              "d.csv: column 2 holds text with 3 different values, but the target y is class(4): "
              "declare `target y: class(3)` or select another column with --target");
}

TEST(Dataset, keeps_the_mapping_of_the_training_data_for_other_data) {
    BindRequest request = vector_and_target(1);
    request.labels = std::vector<std::string>{"M", "R"};
    EXPECT_EQ(bind("1,R\n2,R\n", request).targets, (std::vector<double>{1, 1}));
    EXPECT_EQ(
        bind_refusal("1,R\n2,Q\n", request),
        "d.csv: row 2, column 2: \"Q\" is none of the labels of the training data: \"M\" = 0, "
        "\"R\" = 1");
    EXPECT_TRUE(
        contains(bind_refusal("1,0\n2,1\n", request), "holds numbers, but that of the training"));
}

TEST(Dataset, refuses_a_label_that_is_no_class_naming_its_row) {
    EXPECT_EQ(
        bind_refusal("x,y\n1,0\n2,2.5\n", vector_and_target(1, 3)),
        "d.csv: row 3, column 2 (y): 2.5 is not a class label: class(3) takes the integers 0 to "
        "2");
    EXPECT_TRUE(
        contains(bind_refusal("1,0\n2,-1\n", vector_and_target(1, 3)), "row 2, column 2: -1 is"));
    EXPECT_TRUE(
        contains(bind_refusal("1,0\n2,3\n", vector_and_target(1, 3)), "row 2, column 2: 3 is"));
    EXPECT_EQ(bind("1,0\n2,2\n", vector_and_target(1, 3)).targets, (std::vector<double>{0, 2}));
}

TEST(Dataset, tells_from_where_to_where_wrong_labels_run) {
    const TempFolder folder;
    const std::string path = folder.write("d.csv", "1,1\n2,2\n3,4\n4,0\n");
    try {
        bind_dataset(read_table(path), vector_and_target(1, 3));
        FAIL() << "nothing was refused";
    } catch (const UserError& error) {
        ASSERT_EQ(error.diagnostics()[0].notes.size(), 1U);
        EXPECT_EQ(error.diagnostics()[0].notes[0].message,
                  "the labels run from 0 to 4; they count from 0: renumber them, or declare "
                  "class(5)");
    }
}

TEST(Dataset, maps_whole_numbers_that_do_not_count_from_0_and_says_so) {
    const Dataset data = bind("1,4\n2,2\n3,4\n", vector_and_target(1, 2));
    EXPECT_EQ(data.targets, (std::vector<double>{1, 0, 1}));
    EXPECT_EQ(data.labels, (std::vector<std::string>{"2", "4"}));
    EXPECT_EQ(data.diagnostics[0].severity, Severity::note);
    EXPECT_EQ(only_message(data),
              "the labels of the target column 2 do not count from 0 and are read as \"2\" = 0, "
              "\"4\" = 1");
    EXPECT_EQ(bind("1,3\n2,1\n3,2\n", vector_and_target(1, 3)).targets,
              (std::vector<double>{2, 0, 1}));
    EXPECT_EQ(bind("1,-1\n2,1\n", vector_and_target(1, 2)).targets, (std::vector<double>{0, 1}));
}

TEST(Dataset, does_not_guess_where_labels_count_from_0_or_one_is_missing) {
    EXPECT_TRUE(contains(bind_refusal("1,0\n2,-1\n", vector_and_target(1, 2)), "-1 is not"));
    EXPECT_TRUE(contains(bind_refusal("1,0\n2,2\n", vector_and_target(1, 2)), "2 is not"));
    EXPECT_TRUE(contains(bind_refusal("1,1\n2,3\n", vector_and_target(1, 3)), "3 is not"));
    EXPECT_TRUE(contains(bind_refusal("1,1.5\n2,2.5\n", vector_and_target(1, 2)), "1.5 is not"));
}

TEST(Dataset, keeps_the_mapping_of_numbers_for_other_data) {
    BindRequest request = vector_and_target(1, 2);
    request.labels = std::vector<std::string>{"2", "4"};
    EXPECT_EQ(bind("1,4\n2,4\n", request).targets, (std::vector<double>{1, 1}));
    EXPECT_EQ(bind_refusal("1,4\n2,3\n", request),
              "d.csv: row 2, column 2: 3 is none of the labels of the training data: \"2\" = 0, "
              "\"4\" = 1");
    // Training labels that were classes themselves are no reason to map others.
    request.labels = std::vector<std::string>{};
    EXPECT_TRUE(contains(bind_refusal("1,2\n2,4\n", request), "2 is not a class label"));
    EXPECT_EQ(bind_refusal("1,a\n2,b\n", request),
              "d.csv: row 1, column 2: \"a\" is none of the labels of the training data: they are "
              "numbers");
}

TEST(Dataset, takes_labels_that_differ_by_a_full_stop_or_blanks_for_one_class_and_says_so) {
    const Dataset data = bind("1,>50K.\n2,<=50K\n3,> 50K\n4,>50K\n", vector_and_target(1, 2));
    EXPECT_EQ(data.labels, (std::vector<std::string>{"<=50K", ">50K"}));
    EXPECT_EQ(data.targets, (std::vector<double>{1, 0, 1, 1}));
    ASSERT_EQ(data.diagnostics.size(), 2U);
    EXPECT_EQ(data.diagnostics[1].severity, Severity::note);
    EXPECT_TRUE(contains(data.diagnostics[1].message,
                         "d.csv: labels that differ only by a full stop or blanks are one class: "
                         "\">50K.\" as \">50K\", \"> 50K\" as \">50K\""))
        << data.diagnostics[1].message;
    BindRequest request = vector_and_target(1, 2);
    request.labels = data.labels;
    EXPECT_EQ(bind("1,<=50K.\n", request).targets, (std::vector<double>{0}));
}

TEST(Dataset, refuses_a_missing_target) {
    EXPECT_EQ(bind_refusal("1,0\n2,?\n", vector_and_target(1)),
              "d.csv: row 2, column 2: the target is missing: remove the row or complete it");
    EXPECT_TRUE(
        contains(bind_refusal("1,M\n2,\n3,R\n", vector_and_target(1)), "row 2, column 2: the"));
}

}  // namespace
}  // namespace chainrule
