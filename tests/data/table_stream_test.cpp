// The parts of a streamed table are its rows, each once and none of them empty.
#include "data/table_stream.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "data/test_files.h"

namespace chainrule {
namespace {

std::vector<std::size_t> rows_of_parts(const TableSurvey& survey) {
    std::vector<std::size_t> rows;
    TableParts parts(survey);
    for (Table part; parts.next(part);) {
        rows.push_back(part.rows());
    }
    return rows;
}

TEST(TableParts, have_the_rows_of_the_file_in_stretches_of_any_size) {
    const TempFolder folder;
    const std::string text = "1,2\n3,4\n" + std::string(40, '\n') + "5,6\n" + std::string(40, '\n');
    for (const std::string& file :
         std::vector<std::string>{text, "a,b\n" + text, "7,8", "7,8\n\n\n"}) {
        const std::string path = folder.write("d.csv", file);
        const std::size_t expected = read_table(path).rows();
        for (const std::size_t bytes : {1U, 8U, 16U, 1000U}) {
            const TableSurvey survey =
                survey_table(path, {}, {.stretch_bytes = bytes, .stretches = 1, .careful_rows = 1});
            EXPECT_EQ(survey.rows(), expected);
            std::size_t sum = 0;
            for (const std::size_t rows : rows_of_parts(survey)) {
                EXPECT_GT(rows, 0U) << file << " in stretches of " << bytes;
                sum += rows;
            }
            EXPECT_EQ(sum, expected) << file << " in stretches of " << bytes;
        }
    }
}

}  // namespace
}  // namespace chainrule
