// A table through a pipe: its rows are those of the table in a file, whatever their number.
#include "data/table_pipe.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <thread>

#include "test_files.h"

namespace chainrule {
namespace {

struct Read {
    std::vector<double> numbers;     // of the first column
    std::vector<std::string> texts;  // of the second
    std::vector<std::uint64_t> lines;
};

void add_rows(const Table& part, Read& read) {
    for (std::size_t row = 0; row < part.rows(); ++row) {
        read.numbers.push_back(part.columns[0].numbers[row]);
        read.texts.push_back(part.columns[1].values[part.columns[1].codes[row]]);
        read.lines.push_back(part.line(row));
    }
}

// Through a pipe of the operating system, written to by a thread.
Read read_through_a_pipe(const std::string& text, std::size_t part_rows) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    std::thread writer([&] {
        EXPECT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
        ::close(ends[1]);
    });
    Read read;
    try {
        PipedTable table(std::make_unique<DataSource>("/proc/self/fd/" + std::to_string(ends[0])),
                         {}, part_rows);
        table.begin({false, true});
        for (Table part; table.next(part);) {
            EXPECT_LE(part.rows(), part_rows);
            add_rows(part, read);
        }
    } catch (const UserError&) {
        writer.join();
        ::close(ends[0]);
        throw;
    }
    writer.join();
    ::close(ends[0]);
    return read;
}

TEST(PipedTable, gives_all_rows_in_parts_with_the_kinds_that_it_was_told) {
    std::string text = "x,code\n";
    for (int i = 0; i < 100; ++i) {
        // Numbers in the first rows of a column of text, and only there.
        text += std::to_string(i) + ".5," + (i < 50 ? "0" + std::to_string(i % 3) : "red") + "\n";
    }
    const Read read = read_through_a_pipe(text, 8);
    ASSERT_EQ(read.numbers.size(), 100U);
    EXPECT_EQ(read.numbers[99], 99.5);
    EXPECT_EQ(read.texts[1], "01") << "as it is written";
    EXPECT_EQ(read.texts[99], "red");
    EXPECT_EQ(read.lines[99], 101U);
}

TEST(PipedTable, refuses_the_first_cell_that_is_no_number_where_it_stands) {
    std::string text = "x,code\n";
    for (int i = 0; i < 100; ++i) {
        text += (i == 70 ? "seventy" : std::to_string(i)) + ",a\n";
    }
    const std::string said = refusal([&] { read_through_a_pipe(text, 8); });
    EXPECT_TRUE(contains(said, "row 72, column 1 (x): \"seventy\" is not a number")) << said;
    EXPECT_TRUE(contains(refusal([] { read_through_a_pipe("1,a\n2\n", 8); }), "row 2"));
}

}  // namespace
}  // namespace chainrule
