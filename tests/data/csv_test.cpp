// Rows C1, C2, C3, C7 and C9 of the list of bad inputs: what is a record.
#include "data/csv.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>
#include <vector>

#include "data/data_source.h"
#include "data/table.h"
#include "support/processor_time.h"
#include "test_files.h"

namespace chainrule {
namespace {

struct Row {
    std::uint64_t row;
    std::vector<std::string> cells;
    friend bool operator==(const Row&, const Row&) = default;
};

std::vector<Row> read_all(const std::string& path) {
    DataSource source(path);
    CsvReader reader(source);
    std::vector<Row> rows;
    while (reader.next()) {
        rows.push_back({reader.row(), {reader.cells().begin(), reader.cells().end()}});
    }
    return rows;
}

std::vector<Row> parse(std::string_view text) {
    const TempFolder folder;
    return read_all(folder.write("d.csv", text));
}

// Without the folder that the file was in.
std::string parse_refusal(std::string_view text) {
    const TempFolder folder;
    const std::string path = folder.write("d.csv", text);
    std::string message = refusal([&] { read_all(path); });
    const std::size_t at = message.find(path);
    return at == std::string::npos ? message : message.erase(at, path.size() - 5);
}

const std::vector<Row> two_rows = {{1, {"1", "2"}}, {2, {"3", "4"}}};

TEST(Csv, refuses_an_empty_file) {
    EXPECT_EQ(parse_refusal(""), "d.csv is empty: expected rows of numbers, separated by commas");
    EXPECT_TRUE(contains(parse_refusal("\n  \n\r\n\n"), "is empty"));
    EXPECT_TRUE(contains(parse_refusal("\xEF\xBB\xBF"), "is empty"));
}

TEST(Csv, accepts_a_byte_order_mark_and_crlf_and_a_last_line_without_an_end) {
    EXPECT_EQ(parse("1,2\n3,4\n"), two_rows);
    EXPECT_EQ(parse("\xEF\xBB\xBF"
                    "1,2\n3,4\n"),
              two_rows);
    EXPECT_EQ(parse("1,2\r\n3,4\r\n"), two_rows);
    EXPECT_EQ(parse("1,2\n3,4"), two_rows);
    EXPECT_EQ(parse("\xEF\xBB\xBF"
                    "1,2\r\n3,4\r"),
              two_rows);
}

TEST(Csv, skips_blank_lines_and_counts_them_as_an_editor_does) {
    EXPECT_EQ(parse("\n1,2\n \t\n\r\n3,4\n\n"),
              (std::vector<Row>{{2, {"1", "2"}}, {5, {"3", "4"}}}));
}

TEST(Csv, trims_blanks_around_cells) { EXPECT_EQ(parse(" 1 ,\t2\n3 , \"4 \" \n"), two_rows); }

TEST(Csv, takes_empty_cells_as_cells) {
    EXPECT_EQ(parse("1,,\n,,\n"), (std::vector<Row>{{1, {"1", "", ""}}, {2, {"", "", ""}}}));
}

TEST(Csv, refuses_a_ragged_row_naming_row_and_counts) {
    EXPECT_EQ(parse_refusal("1,2,3\n4,5,6\n\n7,8\n"), "d.csv: row 4 has 2 cells, but row 1 has 3");
    EXPECT_EQ(parse_refusal("1,2\n3,4,5,6\n"), "d.csv: row 2 has 4 cells, but row 1 has 2");
    EXPECT_EQ(parse_refusal("1,2\n3\n"), "d.csv: row 2 has 1 cell, but row 1 has 2");
}

TEST(Csv, accepts_quoted_cells_with_doubled_quotes_delimiters_and_line_ends) {
    EXPECT_EQ(parse("\"a\"\"b\",\"c,d\"\n\"\",\"x\ny\"\nz,w\n"),
              (std::vector<Row>{{1, {"a\"b", "c,d"}}, {2, {"", "x\ny"}}, {4, {"z", "w"}}}));
    EXPECT_EQ(parse("\"\"\"\",\"\"\"a\"\"\"\n"), (std::vector<Row>{{1, {"\"", "\"a\""}}}));
}

TEST(Csv, refuses_a_quote_that_is_never_closed) {
    EXPECT_EQ(parse_refusal("1,2\n3,\"4\n5,6\n"),
              "d.csv: row 2, column 2: a quote is opened and never closed");
    // The quote stands on the second line of a record that begins on the first.
    EXPECT_EQ(parse_refusal("\"a\nb\",\"c\n"),
              "d.csv: row 2, column 2: a quote is opened and never closed");
}

TEST(Csv, refuses_a_quote_inside_an_unquoted_cell) {
    EXPECT_EQ(
        parse_refusal("1,2\n3\" pipe,4\n"),
        "d.csv: row 2, column 1: a quote inside the unquoted cell \"3\" pipe\": put the whole "
        "cell in quotes and double the quotes inside");
    EXPECT_TRUE(contains(parse_refusal("a\"b\",2\n"), "row 1, column 1: a quote inside"));
}

TEST(Csv, refuses_text_after_a_closing_quote) {
    EXPECT_EQ(parse_refusal("1,2\n\"3\"4,5\n"),
              "d.csv: row 2, column 1: text after the closing quote: double the quotes inside a "
              "quoted cell");
}

TEST(Csv, refuses_a_nul_byte) {
    EXPECT_EQ(parse_refusal(std::string_view("1,2\n3,\0004\n", 9)),
              "d.csv: row 2 holds a NUL byte (byte 3 of the row): this is no text file");
}

TEST(Csv, refuses_invalid_utf8) {
    EXPECT_EQ(
        parse_refusal("1,2\n3,\xFF\n"),
        "d.csv: row 2 is not valid UTF-8 (byte 3 of the row is 0xFF): save the file as UTF-8");
    EXPECT_TRUE(contains(parse_refusal("aaaaaaaaaaaa\xC3,2\n"), "byte 13 of the row is 0xC3"));
    EXPECT_TRUE(contains(parse_refusal("\xC0\x80,2\n"), "is not valid UTF-8"));      // overlong
    EXPECT_TRUE(contains(parse_refusal("\xED\xA0\x80,2\n"), "is not valid UTF-8"));  // a surrogate
    EXPECT_EQ(parse("\xC3\xA9,\xF0\x9F\x98\x80\n"),
              (std::vector<Row>{{1, {"\xC3\xA9", "\xF0\x9F\x98\x80"}}}));
}

TEST(Csv, refuses_a_carriage_return_inside_a_line) {
    EXPECT_TRUE(contains(parse_refusal("1,2\r3,4\r"), "row 1, column 2: a carriage return"));
}

TEST(Csv, refuses_a_line_of_100_megabytes_within_a_second) {
    const TempFolder folder;
    const std::string path =
        folder.write("d.csv", "1,2\n" + std::string(100'000'000, '7') + ",1\n");
    const tests::ProcessorTime time;
    EXPECT_TRUE(contains(refusal([&] { read_all(path); }), "row 2 is longer than 4194304 bytes"));
    EXPECT_LT(time.seconds(), 1.0);
}

TEST(Csv, refuses_an_endless_quote_within_a_second) {
    const TempFolder folder;
    const std::string path = folder.write("d.csv", "1,2\n\"" + std::string(50'000'000, '\n'));
    const tests::ProcessorTime time;
    EXPECT_TRUE(
        contains(refusal([&] { read_all(path); }),
                 "row 2, column 1: the quoted cell that begins here goes beyond the 4194304 "
                 "bytes that a record may have"));
    EXPECT_LT(time.seconds(), 1.0);
}

TEST(Csv, does_not_call_a_long_quoted_cell_never_closed) {
    const std::string message =
        parse_refusal("1,2\n\"\"\"\n\n\n\",\"" + std::string(5'000'000, 'x') + "\"\n");
    EXPECT_EQ(message,
              "d.csv: row 5, column 2: the quoted cell that begins here goes beyond the 4194304 "
              "bytes that a record may have: shorten it, or close its quote where it ends");
}

TEST(Csv, refuses_a_million_columns) {
    std::string line = "1";
    for (int i = 1; i < 1'000'000; ++i) {
        line += ",1";
    }
    EXPECT_EQ(parse_refusal(line + "\n"), "d.csv: row 1 has more than 65536 cells");
}

TEST(Csv, refuses_a_directory_and_a_file_that_is_not_there_and_one_that_cannot_be_read) {
    const TempFolder folder;
    const std::string absent = folder / "absent.csv";
    EXPECT_EQ(refusal([&] { read_all(folder / ""); }),
              "cannot read " + folder / "" + ": it is a directory; name a file");
    EXPECT_EQ(refusal([&] { read_all(absent); }),
              "cannot read " + absent + ": No such file or directory");
    // Reading address 0 of one's own memory fails, for root too.
    EXPECT_EQ(refusal([&] { read_all("/proc/self/mem"); }),
              "cannot read /proc/self/mem: Input/output error");
    if (::geteuid() != 0) {
        const std::string secret = folder.write("secret.csv", "1,2\n");
        ::chmod(secret.c_str(), 0);
        EXPECT_EQ(refusal([&] { read_all(secret); }),
                  "cannot read " + secret + ": Permission denied");
    }
}

TEST(Csv, reads_a_fifo_twice_over) {
    const TempFolder folder;
    const std::string path = folder / "fifo";
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    std::string text;
    for (int i = 0; i < 200'000; ++i) {
        text += std::to_string(i) + ",1\n";
    }
    std::thread writer([&] { folder.write("fifo", text); });
    const Table table = read_table(path);
    writer.join();
    ASSERT_EQ(table.rows(), 200'000U);
    EXPECT_EQ(table.columns[0].numbers[199'999], 199'999);
}

TEST(Csv, reads_standard_input_from_a_file_and_from_a_pipe) {
    const TempFolder folder;
    const std::string path = folder.write("d.csv", "1,2\n3,4\n");
    const int saved = ::dup(STDIN_FILENO);
    const int file = ::open(path.c_str(), O_RDONLY);
    ::dup2(file, STDIN_FILENO);
    EXPECT_EQ(read_table("-").columns[1].numbers[1], 4);

    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    ASSERT_EQ(::write(ends[1], "5,6\n7,8\n", 8), 8);
    ::close(ends[1]);
    ::dup2(ends[0], STDIN_FILENO);
    const Table table = read_table("-");
    EXPECT_EQ(table.source, "standard input");
    EXPECT_EQ(table.columns[1].numbers[1], 8);

    ::dup2(saved, STDIN_FILENO);
    ::close(saved);
    ::close(file);
    ::close(ends[0]);
}

TEST(Csv, sniffs_the_delimiter_of_the_first_line) {
    EXPECT_EQ(sniff_delimiter("a,b,c"), ',');
    EXPECT_EQ(sniff_delimiter("a;b;c"), ';');
    EXPECT_EQ(sniff_delimiter("1,5;2,5;3"), ';');
    EXPECT_EQ(sniff_delimiter("1,5;2,5"), ';');
    EXPECT_EQ(sniff_delimiter("a\tb"), '\t');
    EXPECT_EQ(sniff_delimiter("1,\t2,\t3"), ',');
    EXPECT_EQ(sniff_delimiter("\"a;b;c\",d"), ',');
    EXPECT_EQ(sniff_delimiter("1"), ',');
    EXPECT_EQ(parse("1;2\n3;4\n"), two_rows);
    EXPECT_EQ(parse("1\t2\n3\t 4\n"), two_rows);
    EXPECT_EQ(parse("1\t\t2\n"), (std::vector<Row>{{1, {"1", "", "2"}}}));
}

std::string quoted(const std::string& cell) {
    std::string out = "\"";
    for (const char c : cell) {
        out += c == '"' ? "\"\"" : std::string(1, c);
    }
    return out + "\"";
}

TEST(Csv, reads_back_whatever_is_written_in_quotes) {
    rc::check("quoted cells survive", [] {
        const auto columns = *rc::gen::inRange<std::size_t>(1, 5);
        const auto cell =
            rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab\",;\n\t 1.")));
        const auto rows =
            *rc::gen::nonEmpty(rc::gen::container<std::vector<std::vector<std::string>>>(
                rc::gen::container<std::vector<std::string>>(columns, cell)));
        std::string text = "\"x\"";  // a first row whose delimiter is not in doubt
        for (std::size_t i = 1; i < columns; ++i) {
            text += ",\"x\"";
        }
        for (const auto& row : rows) {
            text += "\n";
            for (std::size_t i = 0; i < columns; ++i) {
                text += (i == 0 ? "" : ",") + quoted(row[i]);
            }
        }
        const std::vector<Row> read = parse(text);
        RC_ASSERT(read.size() == rows.size() + 1);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            for (std::size_t j = 0; j < columns; ++j) {
                const std::string& written = rows[i][j];
                const std::size_t first = written.find_first_not_of(" \t");
                const std::size_t last = written.find_last_not_of(" \t");
                RC_ASSERT(
                    read[i + 1].cells[j] ==
                    (first == std::string::npos ? "" : written.substr(first, last - first + 1)));
            }
        }
    });
}

TEST(Csv, never_does_anything_but_read_or_refuse_random_bytes) {
    rc::check("any bytes", [] {
        const auto text = *rc::gen::container<std::string>(rc::gen::oneOf(
            rc::gen::elementOf(std::string("1,\"\n\r;")), rc::gen::arbitrary<char>()));
        const TempFolder folder;
        const std::string path = folder.write("d.csv", text);
        try {
            const Table table = read_table(path);
            RC_ASSERT(table.rows() > 0U);
        } catch (const UserError&) {
        }
    });
}

}  // namespace
}  // namespace chainrule
