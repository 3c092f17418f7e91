// Quoted tables are read as Python's csv module reads them (quoted/make.py).
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "data/csv.h"
#include "data/data_source.h"
#include "test_files.h"

namespace chainrule {
namespace {

TEST(CsvQuoted, are_read_as_python_reads_them) {
    std::ifstream in(CHAINRULE_SOURCE_DIR "/tests/data/quoted/quoted.json");
    const auto tables = nlohmann::json::parse(in);
    ASSERT_GT(tables.size(), 100U);
    const TempFolder folder;
    for (const auto& table : tables) {
        const auto text = table["text"].get<std::string>();
        DataSource source(folder.write("d.csv", text));
        CsvReader reader(source, table["delimiter"].get<std::string>()[0]);
        std::vector<std::vector<std::string>> rows;
        while (reader.next()) {
            rows.emplace_back(reader.cells().begin(), reader.cells().end());
        }
        EXPECT_EQ(rows, (table["rows"].get<std::vector<std::vector<std::string>>>())) << text;
    }
}

}  // namespace
}  // namespace chainrule
