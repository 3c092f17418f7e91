// Rows C1, C4, C5, C7 and C9 of the list of bad inputs: what is a number, a header, a column.
#include "data/table.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>
#include <charconv>
#include <clocale>
#include <cmath>
#include <locale>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/cell.h"
#include "test_files.h"

namespace chainrule {
namespace {

Table parse_table(std::string_view text) {
    const TempFolder folder;
    return read_table(folder.write("d.csv", text));
}

// Without the folder that the file was in.
std::string table_refusal(std::string_view text) {
    const TempFolder folder;
    const std::string path = folder.write("d.csv", text);
    std::string message = refusal([&] { read_table(path); });
    for (std::size_t at = message.find(path); at != std::string::npos; at = message.find(path)) {
        message.erase(at, path.size() - 5);
    }
    return message;
}

std::vector<std::string> names(const Table& table) {
    std::vector<std::string> list;
    for (const Column& column : table.columns) {
        list.push_back(column.name);
    }
    return list;
}

using Names = std::vector<std::string>;

// --- cells ----------------------------------------------------------------------------------

TEST(Cell, reads_decimal_numbers_only) {
    for (const auto& [text, number] :
         std::vector<std::pair<std::string, double>>{{"1", 1},
                                                     {"-2.5", -2.5},
                                                     {"+3", 3},
                                                     {".5", .5},
                                                     {"5.", 5},
                                                     {"-.5e1", -5},
                                                     {"1E3", 1000},
                                                     {"007", 7},
                                                     {"1e-400", 0},
                                                     {"0.1", 0.1},
                                                     {"5e-324", 5e-324}}) {
        const Cell cell = parse_cell(text);
        EXPECT_EQ(cell.kind, CellKind::number) << text;
        EXPECT_EQ(cell.number, number) << text;
    }
    EXPECT_TRUE(std::signbit(parse_cell("-0").number));
    for (const char* text : {"inf", "-Infinity", "INF", "1e999", "-1e400", "0x10", "0XfF", "1_000",
                             "1,5", "1,234.5", "1000000e400"}) {
        EXPECT_EQ(parse_cell(text).kind, CellKind::malformed) << text;
    }
    for (const char* text : {"abc", "1.2.3", "--1", "-+1", "+-1", "1e", "e5", ".", "-", "1 2",
                             "nanx", "nan(1)", "1f", "infinite", ",", "_1", "10th"}) {
        EXPECT_EQ(parse_cell(text).kind, CellKind::text) << text;
    }
}

TEST(Cell, takes_for_missing_what_pandas_takes) {
    for (const char* text : {"", "?", "NA", "nan", "NaN", "N/A", "null", "None", "<NA>"}) {
        EXPECT_EQ(parse_cell(text).kind, CellKind::missing) << text;
        EXPECT_TRUE(std::isnan(parse_cell(text).number)) << text;
    }
    EXPECT_EQ(parse_cell("na").kind, CellKind::text);
}

TEST(Cell, is_quoted_short_and_printable) {
    EXPECT_EQ(quote_cell("abc"), "\"abc\"");
    EXPECT_EQ(quote_cell("a\x1b[31m\n"), "\"a?[31m?\"");
    EXPECT_EQ(quote_cell(std::string(50, 'x')), "\"" + std::string(40, 'x') + "...\"");
}

TEST(Cell, reads_every_finite_double_back) {
    rc::check("to_chars and back", [](double number) {
        RC_PRE(std::isfinite(number));
        std::array<char, 64> text{};
        const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
        RC_ASSERT(parse_cell({text.data(), static_cast<std::size_t>(end - text.data())}).number ==
                  number);
    });
}

// --- numbers and their refusal --------------------------------------------------------------

TEST(Table, refuses_a_cell_that_is_no_number_naming_row_column_and_cell) {
    EXPECT_EQ(table_refusal("a,b\n1,2\n\n3,abc\n5,6\n7,8\n"),
              "d.csv: row 4, column 2 (b): \"abc\" is not a number");
    EXPECT_EQ(table_refusal("1,2\n3,1e999\n5,6\n"),
              "d.csv: row 2, column 2: \"1e999\" is beyond the range of a double");
    EXPECT_EQ(table_refusal("1,2\n3,0x10\n5,6\n"),
              "d.csv: row 2, column 2: \"0x10\" is not a number: write it in decimal");
    EXPECT_EQ(table_refusal("1,2\n3,1_000\n5,6\n"),
              "d.csv: row 2, column 2: \"1_000\" is not a number: write it without underscores");
    EXPECT_EQ(table_refusal("1,2\n3,\"1,5\"\n5,6\n"),
              "d.csv: row 2, column 2: \"1,5\" is not a number: write decimals with a point, "
              "thousands unseparated");
    EXPECT_EQ(
        table_refusal("1,2\n3,-inf\n5,6\n"),
        "d.csv: row 2, column 2: \"-inf\" is not a finite number: leave the cell empty if it is "
        "missing");
}

TEST(Table, refuses_a_column_of_decimal_commas_rather_than_call_it_text) {
    EXPECT_EQ(table_refusal("x;y\n1,5;0\n2,5;1\n").substr(0, 37),
              "d.csv: row 2, column 1 (x): \"1,5\" is ");
}

TEST(Table, refuses_a_bad_cell_in_the_first_row_of_data_rather_than_call_it_a_header) {
    EXPECT_EQ(table_refusal("1,abc,3\n4,5,6\n7,8,9\n"),
              "d.csv: row 1, column 2: \"abc\" is not a number");
    EXPECT_EQ(table_refusal("1,inf,3\n4,5,6\n7,8,9\n").substr(0, 30),
              "d.csv: row 1, column 2: \"inf\" ");
}

TEST(Table, lists_the_bad_cells_of_all_columns_and_counts_those_beyond_five) {
    std::string text = "x,y\n";
    for (int i = 0; i < 20; ++i) {
        text += i % 3 == 0 ? "bad,1\n" : i == 10 ? "1,worse\n" : "1,2\n";
    }
    const TempFolder folder;
    const std::string path = folder.write("d.csv", text);
    try {
        read_table(path);
        FAIL() << "nothing was refused";
    } catch (const UserError& error) {
        ASSERT_EQ(error.diagnostics().size(), 6U);
        EXPECT_TRUE(error.diagnostics()[0].notes.empty());
        ASSERT_EQ(error.diagnostics()[4].notes.size(), 1U);
        EXPECT_EQ(error.diagnostics()[4].notes[0].message,
                  "the column has 7 such cells, and 13 numbers");
        EXPECT_EQ(error.diagnostics()[5].message,
                  path + ": row 12, column 2 (y): \"worse\" is not a number");
    }
}

TEST(Table, takes_missing_cells_as_such_and_counts_them) {
    const Table table = parse_table("a,b\n1,?\n,2\nNA,nan\n4,M\n5,\n6,R\n7,x\n");
    EXPECT_EQ(table.columns[0].kind, ColumnKind::number);
    EXPECT_EQ(table.columns[0].missing, 2U);
    EXPECT_TRUE(std::isnan(table.columns[0].numbers[1]));
    EXPECT_TRUE(table.columns[0].is_missing(2));
    EXPECT_EQ(table.columns[1].kind, ColumnKind::text);
    EXPECT_EQ(table.columns[1].missing, 3U);
    EXPECT_TRUE(table.columns[1].is_missing(0));
}

TEST(Table, holds_text_as_codes_in_order_of_appearance) {
    const Table table = parse_table("1,R\n2,M\n3,R\n");
    EXPECT_EQ(table.columns[1].values, (Names{"R", "M"}));
    EXPECT_EQ(table.columns[1].codes, (std::vector<std::uint16_t>{0, 1, 0}));
}

TEST(Table, keeps_no_text_of_a_column_with_too_many_values) {
    std::string text = "n,id\n";
    for (int i = 0; i < 65'535; ++i) {
        text += "1,id" + std::to_string(i) + "\n";
    }
    EXPECT_FALSE(parse_table(text).columns[1].too_many_values);
    EXPECT_EQ(parse_table(text).columns[1].values.size(), 65'535U);
    EXPECT_TRUE(parse_table(text + "1,one more\n1,id7\n").columns[1].too_many_values);
}

TEST(Table, parses_alike_whatever_the_locale) {
    struct CommaPoint : std::numpunct<char> {
        char do_decimal_point() const override { return ','; }
        char do_thousands_sep() const override { return '.'; }
        std::string do_grouping() const override { return "\3"; }
    };
    const std::string c_locale = std::setlocale(LC_ALL, nullptr);
    const std::locale before = std::locale::global(std::locale(std::locale(), new CommaPoint));
    std::setlocale(LC_ALL, "de_DE.UTF-8");  // where it is installed
    const Table table = parse_table("x,y\n1.5,1234.25\n");
    const std::string message = table_refusal("x,y\n1,1\n1,z\n2,1234.5\n");
    std::locale::global(before);
    std::setlocale(LC_ALL, c_locale.c_str());
    EXPECT_EQ(table.columns[0].numbers[0], 1.5);
    EXPECT_EQ(table.columns[1].numbers[0], 1234.25);
    EXPECT_EQ(message, "d.csv: row 3, column 2 (y): \"z\" is not a number");
}

TEST(Table, stores_small_integers_in_a_byte_and_every_number_exactly) {
    const Table table = parse_table("0,300,0.5,0.1,-0,-128,16777217\n127,-5,?,1,1,?,3\n");
    std::vector<std::size_t> widths;
    for (const Column& column : table.columns) {
        widths.push_back(column.numbers.bytes_per_number());
    }
    EXPECT_EQ(widths, (std::vector<std::size_t>{1, 2, 4, 8, 4, 2, 8}));
    EXPECT_EQ(table.columns[3].numbers[0], 0.1);
    EXPECT_TRUE(std::signbit(table.columns[4].numbers[0]));
    EXPECT_EQ(table.columns[5].numbers[0], -128);
    EXPECT_TRUE(std::isnan(table.columns[5].numbers[1]));
    EXPECT_EQ(table.columns[6].numbers[0], 16777217);
}

// --- headers --------------------------------------------------------------------------------

TEST(Table, refuses_a_file_that_holds_only_a_header) {
    EXPECT_EQ(table_refusal("a,b,c\n"),
              "d.csv holds only a header (row 1): expected rows of numbers below it");
    EXPECT_TRUE(contains(table_refusal("\n\na,b"), "(row 3)"));
}

TEST(Table, takes_a_single_row_with_a_number_as_data) {
    const Table table = parse_table("1,2,yes\n");
    EXPECT_FALSE(table.has_header);
    EXPECT_EQ(table.rows(), 1U);
}

TEST(Table, takes_text_over_numbers_as_a_header) {
    const Table table = parse_table("x1,x2,class\n1,2,M\n3,4,R\n");
    EXPECT_TRUE(table.has_header);
    EXPECT_EQ(names(table), (Names{"x1", "x2", "class"}));
    EXPECT_EQ(table.rows(), 2U);
    EXPECT_EQ(table.line(0), 2U);
}

TEST(Table, names_columns_c1_c2_without_a_header_and_where_its_cell_is_empty) {
    EXPECT_EQ(names(parse_table("1,2,M\n3,4,R\n")), (Names{"c1", "c2", "c3"}));
    EXPECT_EQ(names(parse_table(",x,y\n0,1,2\n")), (Names{"c1", "x", "y"}));
}

TEST(Table, sees_that_a_first_row_of_data_with_text_columns_is_no_header) {
    EXPECT_FALSE(parse_table("M,0.455,15\nF,0.35,7\n").has_header);
    EXPECT_FALSE(
        parse_table("25, Private, 11th, <=50K.\n38, Private, HS-grad, >50K.\n").has_header);
    EXPECT_FALSE(parse_table("?,1\n2,3\n").has_header);
}

TEST(Table, takes_the_column_numbers_that_pandas_writes_as_a_header) {
    const Table table = parse_table("0,1,2,label\n5,6,7,0\n8,9,1,1\n");
    EXPECT_EQ(names(table), (Names{"0", "1", "2", "label"}));
    EXPECT_EQ(table.rows(), 2U);
}

TEST(Table, decides_on_a_header_over_text_by_whether_it_occurs_again) {
    EXPECT_TRUE(parse_table("colour,shape\nred,round\nblue,round\n").has_header);
    EXPECT_FALSE(parse_table("red,round\nblue,round\nred,square\n").has_header);
    EXPECT_FALSE(parse_table("red,red\nblue,round\n").has_header);
}

TEST(Table, counts_rows_as_an_editor_counts_lines) {
    const Table table = parse_table("a,b\n\n1,x\n2,\"y\nz\"\n3,x\n\n\n4,x\n");
    EXPECT_EQ(table.line(0), 3U);
    EXPECT_EQ(table.line(1), 4U);
    EXPECT_EQ(table.line(2), 6U);
    EXPECT_EQ(table.line(3), 9U);
    EXPECT_EQ(table.place(3, 1), "row 9, column 2 (b)");
    EXPECT_EQ(parse_table("1,2\n").place(0, 1), "row 1, column 2");
}

TEST(Table, follows_what_is_said_of_the_header_and_the_delimiter) {
    const TempFolder folder;
    const std::string words = folder.write("d.csv", "red,round\nblue,round\nred,square\n");
    EXPECT_FALSE(read_table(words).has_header);
    EXPECT_EQ(names(read_table(words, {.delimiter = 0, .has_header = true})),
              (Names{"red", "round"}));
    const std::string numbers = folder.write("n.csv", "0,1\n5,6\n");
    EXPECT_EQ(read_table(numbers, {.delimiter = 0, .has_header = true}).rows(), 1U);
    const std::string titles = folder.write("t.csv", "a,b\n1,x\n");
    EXPECT_EQ(read_table(titles).rows(), 1U);
    const std::string odd = folder.write("o.csv", "1^a,b\n3^a,b\n");
    const Table table = read_table(odd, {.delimiter = '^', .has_header = {}});
    EXPECT_EQ(table.columns.size(), 2U);
    EXPECT_EQ(table.delimiter, '^');
    EXPECT_EQ(read_table(folder.write("p.csv", "1|2\n3|4\n")).delimiter, '|');
}

TEST(Table, reads_gzip_as_it_reads_text) {
    const TempFolder folder;
    const Table table = read_table(folder.write("d", gzip_of("a,b\n1,x\n2,y\n")));
    EXPECT_EQ(names(table), (Names{"a", "b"}));
    EXPECT_EQ(table.columns[0].numbers[1], 2);
}

// --- cost -----------------------------------------------------------------------------------

TEST(Table, costs_at_most_twice_the_file_and_64_megabytes) {
    if (!memory_is_measurable) {
        GTEST_SKIP() << "the sanitizer's own memory would be measured";
    }
    const TempFolder folder;
    std::string digits;
    std::string decimals;
    while (digits.size() < 40'000'000) {
        digits += "1,2,3,4,5,6,7,8,9,0\n";
        decimals += "0.1234,5.25,-1.75\n";
    }
    const auto cost = [&](const std::string& text, bool is_good) {
        const std::string path = folder.write("d.csv", text);
        const Measured measured = measure_in_child([&] {
            try {
                return read_table(path).rows() > 0 ? 0 : 3;
            } catch (const UserError&) {
                return 1;
            }
        });
        EXPECT_EQ(measured.exit_code, is_good ? 0 : 1);
        return measured.peak_bytes;
    };
    // The child begins with what this process holds: the two texts.
    const std::size_t before = measure_in_child([] { return 0; }).peak_bytes;
    const std::size_t allowed = before + (std::size_t{64} << 20);
    EXPECT_LE(cost(digits, true), allowed + 2 * digits.size());
    EXPECT_LE(cost(decimals, true), allowed + 2 * decimals.size());
    digits += "0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,1.1\n";
    std::string late = digits + digits.substr(0, 200'000);
    EXPECT_LE(cost(late + "1,2,3,4,5,x,7,8,9,0\n", false), allowed + 2 * digits.size())
        << "of columns that need eight bytes for each of their digits";
    cost(late, true);  // is more, as the table is
    digits += "1,2\n";
    EXPECT_LE(cost(digits, false), allowed + 2 * digits.size());
}

}  // namespace
}  // namespace chainrule
