#include "data/weightless_rows.h"

#include <gtest/gtest.h>

#include "data/table_stream.h"
#include "data/test_files.h"

namespace chainrule {
namespace {

const std::string weighted_table =
    "w,a,colour\n0,?,red\n1,2,blue\n\n2,?,red\n0.0,5,grey\n3,6,blue\n";

void expect_rows_of_weight(const Table& table) {
    EXPECT_EQ(table.rows(), 3U);
    EXPECT_EQ(table.line(0), 3U);
    EXPECT_EQ(table.line(1), 5U);
    EXPECT_EQ(table.line(2), 7U);
    EXPECT_EQ(table.columns[1].missing, 1U);
    EXPECT_TRUE(table.columns[1].is_missing(1));
    EXPECT_EQ(table.columns[1].numbers[2], 6);
    EXPECT_EQ(table.columns[2].values, (std::vector<std::string>{"blue", "red"}));
    EXPECT_EQ(table.columns[2].codes, (std::vector<std::uint16_t>{0, 1, 0}));
}

TEST(WeightlessRows, leave_the_table_with_their_missing_cells_and_texts) {
    const TempFolder folder;
    Table table = read_table(folder.write("d.csv", weighted_table));
    EXPECT_EQ(leave_out_weightless(table, ""), 0U);
    EXPECT_EQ(leave_out_weightless(table, "w"), 2U);
    expect_rows_of_weight(table);
    EXPECT_EQ(leave_out_weightless(table, "1"), 0U);
    EXPECT_EQ(leave_out_weightless(table, "colour"), 0U) << "is refused as text elsewhere";
}

TEST(WeightlessRows, leave_a_stream_which_then_has_fewer_rows_and_texts) {
    const TempFolder folder;
    for (const std::string last :
         {"3,6,blue\n", "3,6,\"blue\"\n"}) {  // quotes may be no plain text
        const std::string text = weighted_table.substr(0, weighted_table.find("3,6")) + last;
        TableSurvey survey = survey_table(folder.write("d.csv", text), {});
        EXPECT_EQ(survey.rows(), 5U);
        survey_weights(survey, "w");
        EXPECT_EQ(survey.rows(), 3U);
        EXPECT_EQ(survey.left_out, 2U);
        EXPECT_EQ(survey.outline.columns[2].values, (std::vector<std::string>{"blue", "red"}));
        TableParts parts(survey);
        Table part;
        ASSERT_TRUE(parts.next(part));
        expect_rows_of_weight(part);
        EXPECT_FALSE(parts.next(part));
    }
}

// All rows tell what a column holds, before it is known which of them are left out.
TEST(WeightlessRows, are_no_place_for_a_word_among_numbers) {
    const TempFolder folder;
    const std::string path = folder.write("d.csv", "w,a\n0,x\n1,2\n2,3\n");
    const std::string words = "row 2, column 2 (a): \"x\" is not a number";
    EXPECT_TRUE(contains(refusal([&] { read_table(path); }), words));
    EXPECT_TRUE(contains(refusal([&] { survey_table(path, {}); }), words));
}

TEST(WeightlessRows, are_noted_unless_no_row_is_left) {
    EXPECT_TRUE(note_weightless("d.csv", 0, 5).empty());
    EXPECT_EQ(note_weightless("d.csv", 2, 3).at(0).message,
              "d.csv: 2 rows of weight 0 are left out");
    EXPECT_EQ(refusal([] { note_weightless("d.csv", 2, 0); }),
              "d.csv: the weights of all rows are 0, so that none counts: give some of them a "
              "weight above 0");
}

}  // namespace
}  // namespace chainrule
