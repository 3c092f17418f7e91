// A table through a pipe: its rows are those of the table in a file, whatever their number.
#include "data/table_pipe.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

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

// A pipe of the operating system.
class Pipe {
public:
    Pipe() { EXPECT_EQ(::pipe(ends_.data()), 0); }
    ~Pipe() {
        close_writing_end();
        ::close(ends_[0]);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    std::unique_ptr<DataSource> source() const {
        return std::make_unique<DataSource>("/proc/self/fd/" + std::to_string(ends_[0]));
    }
    void write(const std::string& text) {
        EXPECT_EQ(::write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }
    void close_writing_end() {
        if (ends_[1] >= 0) {
            ::close(std::exchange(ends_[1], -1));
        }
    }

private:
    std::array<int, 2> ends_{};
};

// Written to by a thread.
void read_through_a_pipe(const std::string& text, std::size_t part_rows, Read& read) {
    Pipe pipe;
    const auto writer = std::async(std::launch::async, [&] {
        pipe.write(text);
        pipe.close_writing_end();
    });
    PipedTable table(pipe.source(), {}, {}, part_rows);
    table.begin({{.is_whole = true}, {.is_text = true}});
    for (Table part; table.next(part);) {
        EXPECT_LE(part.rows(), part_rows);
        add_rows(part, read);
    }
}

TEST(PipedTable, gives_all_rows_in_parts_with_the_kinds_that_it_was_told) {
    std::string text = "x,code\n";
    for (int i = 0; i < 100; ++i) {
        // Numbers in the first rows of a column of text, and only there.
        text += std::to_string(i) + ".5," + (i < 50 ? "0" + std::to_string(i % 3) : "red") + "\n";
    }
    Read read;
    read_through_a_pipe(text, 8, read);
    ASSERT_EQ(read.numbers.size(), 100U);
    EXPECT_EQ(read.numbers[99], 99.5);
    EXPECT_EQ(read.texts[1], "01") << "as it is written";
    EXPECT_EQ(read.texts[99], "red");
    EXPECT_EQ(read.lines[99], 101U);
}

// The rows that were given before the refusal, and its words.
struct Refused {
    Read read;
    std::string words;
};

Refused refused_by_a_pipe(const std::string& text) {
    Refused refused;
    refused.words = refusal([&] { read_through_a_pipe(text, 8, refused.read); });
    return refused;
}

std::string hundred_rows(int bad, const std::string& bad_row) {
    std::string text = "x,code\n";
    for (int i = 0; i < 100; ++i) {
        text += i == bad ? bad_row : std::to_string(i) + ",a\n";
    }
    return text;
}

TEST(PipedTable, gives_all_rows_before_the_first_that_it_refuses_where_it_stands) {
    for (const auto& [row, words] : std::vector<std::pair<std::string, std::string>>{
             {"seventy,a\n", "row 72, column 1 (x): \"seventy\" is not a number"},
             {"70\n", "row 72 has 1 cell, but row 1 has 2"},
             {"?,a\n", "row 72, column 1 (x): the cell is missing"}}) {
        const Refused refused = refused_by_a_pipe(hundred_rows(70, row));
        EXPECT_TRUE(contains(refused.words, words)) << refused.words;
        ASSERT_EQ(refused.read.numbers.size(), 70U) << words;
        EXPECT_EQ(refused.read.numbers[69], 69);
        EXPECT_EQ(refused.read.texts[69], "a");
    }
}

TEST(PipedTable, gives_no_row_where_it_refuses_one_of_the_first) {
    const Refused refused = refused_by_a_pipe(hundred_rows(5, "five,a\n"));
    EXPECT_TRUE(contains(refused.words, "row 7, column 1 (x): \"five\" is not a number"));
    EXPECT_EQ(refused.read.numbers.size(), 0U);
    EXPECT_TRUE(contains(refused_by_a_pipe("1,a\n2\n").words, "row 2"));
}

// The rows that the next part has; -1 at the end.
int rows_of_next(PipedTable& table, Read& read) {
    Table part;
    if (!table.next(part)) {
        return -1;
    }
    add_rows(part, read);
    return static_cast<int>(part.rows());
}

TEST(PipedTable, gives_the_rows_that_are_there_and_keeps_what_is_not_yet_whole) {
    for (const std::string header : {"x,code\n", ""}) {
        Pipe pipe;
        pipe.write(header + "1,7\n2");
        PipedTable table(pipe.source(), {}, {"x"});
        table.begin({{}, {.is_text = true}});
        Read read;
        EXPECT_EQ(rows_of_next(table, read), 1) << header;
        pipe.write(",\"b\n");
        pipe.write("c\"\n\n3,d\n4");
        EXPECT_EQ(rows_of_next(table, read), 2) << header;
        pipe.write("5,e");
        pipe.close_writing_end();
        EXPECT_EQ(rows_of_next(table, read), 1) << header;
        EXPECT_EQ(rows_of_next(table, read), -1);
        EXPECT_EQ(read.numbers, (std::vector<double>{1, 2, 3, 45}));
        EXPECT_EQ(read.texts, (std::vector<std::string>{"7", "b\nc", "d", "e"}));
        EXPECT_EQ(read.lines.back() - read.lines.front(), 5U);
    }
}

TEST(PipedTable, gives_the_packed_rows_that_are_there) {
    Pipe pipe;
    GzipMember member;
    const auto write = [&](const std::string& rows) { pipe.write(member.add(rows, Z_SYNC_FLUSH)); };
    write("x,code\n1,a\n2");
    PipedTable table(pipe.source(), {}, {"x"});
    table.begin({{}, {.is_text = true}});
    Read read;
    EXPECT_EQ(rows_of_next(table, read), 1);
    write(",b\n3,c\n");
    EXPECT_EQ(rows_of_next(table, read), 2);
    write("4,d\n");
    EXPECT_EQ(rows_of_next(table, read), 1);
    pipe.close_writing_end();
    EXPECT_TRUE(contains(refusal([&] { rows_of_next(table, read); }), "is cut short"));
    EXPECT_EQ(read.numbers, (std::vector<double>{1, 2, 3, 4}));
}

// "red" occurs again in its column, so that it is no name; the first row alone looks like a header.
TEST(PipedTable, waits_for_the_rows_that_tell_whether_the_first_is_a_header) {
    Pipe pipe;
    pipe.write("red,a\n");
    const auto writer = std::async(std::launch::async, [&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(150));
        pipe.write("red,b\n");
        pipe.close_writing_end();
    });
    PipedTable table(pipe.source(), {}, {"colour"});
    EXPECT_FALSE(table.names().has_header);
}

}  // namespace
}  // namespace chainrule
