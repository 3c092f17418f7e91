// Rows C5 and C6 of the list of bad inputs, and the rules by which columns meet a network.
#include "data/dataset.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "bound_table.h"

namespace chainrule {
namespace {

// --- which column feeds what ----------------------------------------------------------------

TEST(Dataset, feeds_every_column_but_the_last_to_a_single_vector_in_order) {
    const Dataset data = bind("1,2,3\n4,5,6\n", vector_and_target(2));
    EXPECT_EQ(data.rows, 2U);
    EXPECT_EQ(data.inputs, (std::vector<Numbers>{{1, 2, 4, 5}}));
    EXPECT_EQ(data.input_sizes, (std::vector<std::size_t>{2}));
    EXPECT_EQ(data.targets, (std::vector<double>{3, 6}));
    EXPECT_EQ(data.target_size, 1U);
    EXPECT_EQ(data.columns, (std::vector<std::string>{"c1", "c2"}));
    EXPECT_TRUE(data.diagnostics.empty());
}

TEST(Dataset, takes_the_target_column_by_name_or_by_number) {
    BindRequest request = vector_and_target(2);
    request.target_column = "b";
    EXPECT_EQ(bind("a,b,c\n1,2,3\n", request).inputs, (std::vector<Numbers>{{1, 3}}));
    request.target_column = "1";
    EXPECT_EQ(bind("a,b,c\n1,2,3\n", request).targets, (std::vector<double>{1}));
    request.target_column = "c2";
    EXPECT_EQ(bind("1,2,3\n", request).targets, (std::vector<double>{2}));
    // A name goes before a number.
    request.target_column = "1";
    EXPECT_EQ(bind("0,1,label\n7,8,9\n4,5,6\n", request).targets, (std::vector<double>{8, 5}));
}

TEST(Dataset, refuses_a_target_column_that_is_not_there) {
    BindRequest request = vector_and_target(2);
    request.target_column = "lable";
    EXPECT_EQ(bind_refusal("a,b,label\n1,2,3\n", request),
              "d.csv has no column called lable: its columns are a, b, label");
    request.target_column = "4";
    EXPECT_EQ(bind_refusal("a,b,label\n1,2,3\n", request),
              "d.csv has no column 4: it has 3 columns, numbered from 1");
    request.target_column = "0";
    EXPECT_EQ(bind_refusal("a,b,label\n1,2,3\n", request),
              "d.csv has no column 0: it has 3 columns, numbered from 1");
    request.target_column = "a";
    EXPECT_EQ(bind_refusal("a,a,label\n1,2,3\n", request),
              "d.csv: columns 1 and 2 are both called a: rename one");
}

TEST(Dataset, takes_the_column_of_the_targets_own_name_and_says_so) {
    const Dataset data = bind("y,a,b\n1,2,3\n", vector_and_target(2));
    EXPECT_EQ(data.targets, (std::vector<double>{1}));
    EXPECT_TRUE(contains(only_message(data), "the target is column 1"));
    EXPECT_TRUE(bind("a,b,y\n1,2,3\n", vector_and_target(2)).diagnostics.empty());
}

TEST(Dataset, binds_scalar_inputs_by_name_where_the_header_has_them) {
    const BindRequest request = {.inputs = {{"a", {}}, {"b", {}}},
                                 .target = TargetRequest{"y", {}, 0}};
    const Dataset data = bind("b,a,y\n1,2,3\n4,5,6\n", request);
    EXPECT_EQ(data.inputs, (std::vector<Numbers>{{2, 5}, {1, 4}}));
    EXPECT_EQ(data.columns, (std::vector<std::string>{"a", "b"}));
    const Dataset more = bind("b,q,a,y\n1,9,2,3\n", request);
    EXPECT_EQ(more.inputs, (std::vector<Numbers>{{2}, {1}}));
    EXPECT_TRUE(contains(only_message(more), "are not used: q"));
}

TEST(Dataset, binds_scalar_inputs_in_order_without_their_names) {
    const BindRequest request = {.inputs = {{"a", {}}, {"b", {}}},
                                 .target = TargetRequest{"y", {}, 0}};
    EXPECT_EQ(bind("1,2,3\n", request).inputs, (std::vector<Numbers>{{1}, {2}}));
    EXPECT_EQ(bind("p,q,r\n1,2,3\n", request).inputs, (std::vector<Numbers>{{1}, {2}}));
    EXPECT_EQ(bind("a,q,r\n1,2,3\n", request).inputs, (std::vector<Numbers>{{1}, {2}}));
    // The column a would feed b.
    EXPECT_EQ(bind_refusal("q,a,r\n1,2,3\n", request),
              "d.csv has a column for the input a, but none called b: name a column after each "
              "input, or none");
}

TEST(Dataset, feeds_several_inputs_of_any_shape_in_order) {
    const BindRequest request = {.inputs = {{"x", {2}}, {"s", {}}, {"m", {1, 2}}}};
    const Dataset data = bind("1,2,3,4,5\n6,7,8,9,10\n", request);
    EXPECT_EQ(data.inputs, (std::vector<Numbers>{{1, 2, 6, 7}, {3, 8}, {4, 5, 9, 10}}));
    EXPECT_EQ(data.target_size, 0U);
    EXPECT_TRUE(data.targets.empty());
}

TEST(Dataset, refuses_too_few_and_too_many_columns_naming_both_counts) {
    EXPECT_EQ(
        bind_refusal("1,2,3\n", vector_and_target(4)),
        "d.csv has 2 columns besides the target, but the network's inputs take 4 (x[4]): declare "
        "`input x[2]` or change the file");
    EXPECT_EQ(
        bind_refusal("1,2,3,4\n", vector_and_target(2)),
        "d.csv has 3 columns besides the target, but the network's inputs take 2 (x[2]): declare "
        "`input x[3]` or change the file");
    EXPECT_EQ(bind_refusal("1,2\n",
                           {.inputs = {{"a", {}}, {"b", {}}}, .target = TargetRequest{"y", {}, 0}}),
              "d.csv has 1 column besides the target, but the network's inputs take 2 (a, b): add "
              "columns to the file or declare fewer inputs");
    EXPECT_EQ(bind_refusal("1\n", vector_and_target(1)),
              "d.csv has 0 columns besides the target, but the network's inputs take 1 (x[1]): add "
              "columns to the file or declare fewer inputs");
}

TEST(Dataset, takes_the_last_columns_for_a_vector_target) {
    BindRequest request = {.inputs = {{"x", {1}}}, .target = TargetRequest{"y", {2}, 0}};
    EXPECT_EQ(bind("1,2,3\n4,5,6\n", request).targets, (std::vector<double>{2, 3, 5, 6}));
    request.target_column = "1";
    EXPECT_EQ(bind("1,2,3\n", request).targets, (std::vector<double>{1, 2}));
    EXPECT_EQ(bind("1,2,3\n", request).inputs, (std::vector<Numbers>{{3}}));
    request.target_column = "3";
    EXPECT_EQ(bind_refusal("1,2,3\n", request),
              "the target y takes 2 columns from column 3 of d.csv on, which has 3 columns");
    request.target_column = "";
    EXPECT_EQ(bind_refusal("1\n", request), "d.csv has 1 column, but the target y alone takes 2");
    EXPECT_EQ(bind_refusal("1,2,M\n3,4,R\n", request),
              "d.csv: column 3 holds text (\"M\"), but each element of the target y takes numbers");
}

// --- text -----------------------------------------------------------------------------------

TEST(Dataset, makes_one_element_of_every_value_of_a_category_in_sorted_order) {
    const Dataset data = bind("sex,len,y\nM,3,4\nF,1,3\nI,2,5\nM,0,0\n", vector_and_target(4));
    EXPECT_EQ(data.inputs[0], (Numbers{0, 0, 1, 3, 1, 0, 0, 1, 0, 1, 0, 2, 0, 0, 1, 0}));
    EXPECT_EQ(data.columns, (std::vector<std::string>{"sex = F", "sex = I", "sex = M", "len"}));
    ASSERT_EQ(data.encodings.size(), 2U);
    EXPECT_EQ(data.encodings[0].categories, (std::vector<std::string>{"F", "I", "M"}));
    EXPECT_EQ(data.encodings[1].width, 1U);
    EXPECT_TRUE(data.diagnostics.empty());
}

TEST(Dataset, tells_how_many_numbers_categories_make_where_the_inputs_take_another_count) {
    EXPECT_EQ(
        bind_refusal("sex,len,y\nM,3,4\nF,1,3\n", vector_and_target(2)),
        "d.csv has 2 columns besides the target, which make 3 numbers (a category makes one for "
        "each of its values), but the network's inputs take 2 (x[2]): declare `input x[3]` or "
        "change the file");
    EXPECT_EQ(
        bind_refusal("len,sex,y\n3,M,4\n1,F,3\n",
                     {.inputs = {{"a", {2}}, {"b", {}}}, .target = TargetRequest{"y", {}, 0}}),
        "d.csv: column 2 (sex) is a category of 2 values, one number for each, which do not fit "
        "into the input a[2]: declare `input a[2]` or encode the column as numbers");
}

TEST(Dataset, binds_a_category_to_the_vector_of_its_name) {
    const Dataset data = bind("len,sex,y\n3,M,4\n1,F,3\n", {.inputs = {{"sex", {2}}, {"len", {}}},
                                                            .target = TargetRequest{"y", {}, 0}});
    EXPECT_EQ(data.inputs, (std::vector<Numbers>{{0, 1, 1, 0}, {3, 1}}));
}

TEST(Dataset, learns_categories_from_the_training_rows_and_keeps_the_width_of_the_file) {
    BindRequest request = vector_and_target(3);
    request.training_rows = [](const Dataset& bound) {
        EXPECT_EQ(bound.rows, 3U);
        return std::vector<std::size_t>{0, 2};
    };
    const Dataset data = bind("sex,y\nM,4\nF,3\nI,5\n", request);
    EXPECT_EQ(data.encodings[0].categories, (std::vector<std::string>{"I", "M"}));
    EXPECT_EQ(data.encodings[0].width, 3U);
    EXPECT_EQ(data.inputs[0], (Numbers{0, 1, 0, 0, 0, 0, 1, 0, 0}));
    EXPECT_EQ(data.columns,
              (std::vector<std::string>{"sex = I", "sex = M", "sex = (not in the training rows)"}));
    EXPECT_TRUE(
        contains(only_message(data),
                 "1 cell in column 1 (sex) is in no training row and is read as no category, "
                 "the first, \"F\", in row 3"));
}

TEST(Dataset, reads_other_data_by_the_categories_of_training) {
    BindRequest request = vector_and_target(4);
    request.encodings = bind("sex,len,y\nM,3,4\nF,1,3\nI,2,5\n", request).encodings;
    const Dataset data = bind("sex,len,y\nI,3,4\n?,1,3\nX,2,5\nX,0,0\n", request);
    EXPECT_EQ(data.inputs[0][1], 1);
    EXPECT_TRUE(std::isnan(data.inputs[0][4]) && std::isnan(data.inputs[0][6]));
    EXPECT_EQ(data.inputs[0][8] + data.inputs[0][9] + data.inputs[0][10], 0);
    ASSERT_EQ(data.diagnostics.size(), 2U);
    EXPECT_TRUE(contains(data.diagnostics[1].message,
                         "2 cells in column 1 (sex) are in no training row and are read as no "
                         "category, the first, \"X\", in row 4"));
    EXPECT_EQ(bind_refusal("sex,y\nM,1\n", request),
              "d.csv has 1 column for the inputs, but the training data has 2: give both files the "
              "same columns in the same order");
    EXPECT_EQ(
        bind_refusal("sex,len,y\nM,short,1\nF,long,2\n", request),
        "d.csv: row 2, column 2 (len): \"short\" is not a number; in the training data the column "
        "holds numbers");
}

TEST(Dataset, reads_numbers_where_training_had_text_as_texts) {
    BindRequest request = vector_and_target(3);
    request.encodings = bind("g,y\na,1\nb,2\n7,3\n", request).encodings;
    EXPECT_EQ(bind("g,y\n7,1\n7,2\n", request).inputs[0], (Numbers{1, 0, 0, 1, 0, 0}));
}

TEST(Dataset, passes_over_text_that_is_no_category_and_says_so) {
    std::string text = "id,unit,size,y\n";
    for (int i = 0; i < 1001; ++i) {
        text += "name" + std::to_string(i) + ",cm," + std::to_string(i) + ",1\n";
    }
    const Dataset data = bind(text.c_str(), vector_and_target(1));
    EXPECT_EQ(data.columns, (std::vector<std::string>{"size"}));
    ASSERT_EQ(data.diagnostics.size(), 2U);
    EXPECT_TRUE(contains(data.diagnostics[0].message,
                         "column 1 (id) is not used: it holds text with more than 1000 different "
                         "values, which are no categories"));
    EXPECT_TRUE(contains(
        data.diagnostics[1].message,
        "column 2 (unit) is not used: it holds text with one value only, which tells nothing"));
}

TEST(Dataset, takes_constant_numbers_or_passes_over_them_as_the_inputs_are_declared) {
    const std::string text = "a,b,y\n1,5,0\n2,5,1\n";
    EXPECT_EQ(bind(text.c_str(), vector_and_target(2)).inputs[0], (Numbers{1, 5, 2, 5}));
    const Dataset without = bind(text.c_str(), vector_and_target(1));
    EXPECT_EQ(without.inputs[0], (Numbers{1, 2}));
    EXPECT_EQ(without.encodings[1].width, 0U);
    EXPECT_TRUE(contains(only_message(without),
                         "with one value only, which tells nothing, are not "
                         "used: b"));
    // Where it is not the same, other data is read as training was.
    BindRequest request = vector_and_target(1);
    request.encodings = without.encodings;
    EXPECT_EQ(bind("a,b,y\n1,6,0\n2,7,1\n", request).inputs[0], (Numbers{1, 2}));
}

// --- missing inputs -------------------------------------------------------------------------

TEST(Dataset, counts_missing_cells_and_leaves_them_to_be_imputed) {
    const Dataset data = bind("a,b,y\n1,?,0\n,,1\n3,4,1\n", vector_and_target(2));
    EXPECT_TRUE(std::isnan(data.inputs[0][1]));
    EXPECT_TRUE(std::isnan(data.inputs[0][2]));
    EXPECT_EQ(data.diagnostics[0].severity, Severity::warning);
    EXPECT_TRUE(contains(only_message(data),
                         "3 missing cells in 2 columns are filled with the column's mean in the "
                         "training data, the first in row 2, column 2 (b)"));
}

TEST(Dataset, refuses_missing_cells_where_asked_naming_the_first) {
    BindRequest request = vector_and_target(2);
    request.missing = MissingCells::refuse;
    EXPECT_EQ(bind_refusal("a,b,y\n1,?,0\n,4,1\n", request),
              "d.csv: row 2, column 2 (b): the cell is missing (2 missing cells in all)");
    EXPECT_EQ(bind("a,b,y\n1,2,0\n", request).rows, 1U);
}

TEST(Dataset, selects_rows_in_the_order_asked_for) {
    const Dataset data = bind("1,2,3\n4,5,6\n7,8,9\n", vector_and_target(2));
    const std::vector<std::size_t> rows = {2, 0};
    const Dataset selected = select_rows(data, rows);
    EXPECT_EQ(selected.rows, 2U);
    EXPECT_EQ(selected.inputs, (std::vector<Numbers>{{7, 8, 1, 2}}));
    EXPECT_EQ(selected.targets, (std::vector<double>{9, 3}));
    EXPECT_EQ(selected.columns, data.columns);
}

// --- real files -----------------------------------------------------------------------------

// A file of the shared data sets, or "" where they are not.
std::string shared_file(const std::string& name) {
    const std::string path = std::string(CHAINRULE_SHARED_DATA) + "/tabular/" + name;
    return std::filesystem::exists(path) ? path : "";
}

TEST(Dataset, reads_the_public_data_sets_as_they_are) {
    if (shared_file("sonar.csv").empty()) {
        GTEST_SKIP() << "the shared data sets are not here";
    }
    const Table banknote = read_table(shared_file("banknote_authentication.csv"));
    EXPECT_EQ(bind_dataset(banknote, vector_and_target(4, 2)).rows, 1372U);
    const Table sonar = read_table(shared_file("sonar.csv"));
    const Dataset data = bind_dataset(sonar, vector_and_target(60));
    EXPECT_EQ(data.rows, 208U);
    EXPECT_EQ(data.labels, (std::vector<std::string>{"M", "R"}));
    const Table wisconsin = read_table(shared_file("breast-cancer-wisconsin.csv"));
    EXPECT_EQ(wisconsin.columns[5].missing, 16U);
    EXPECT_EQ(bind_dataset(wisconsin, vector_and_target(9, 2)).labels,
              (std::vector<std::string>{"2", "4"}));
    const Table adult = read_table(shared_file("adult-train.csv"));
    EXPECT_EQ(adult.rows(), 32'561U);
    EXPECT_FALSE(adult.has_header);
    EXPECT_EQ(adult.columns[14].values, (std::vector<std::string>{"<=50K", ">50K"}));
    EXPECT_EQ(adult.columns[1].missing, 1836U);
    for (const char* name :
         {"abalone.csv", "housing.csv", "ionosphere.csv", "phoneme.csv",
          "pima-indians-diabetes.csv", "wheat-seeds.csv", "winequality-red.csv"}) {
        EXPECT_FALSE(read_table(shared_file(name)).has_header) << name;
    }
}

}  // namespace
}  // namespace chainrule
