// A data file as columns with names and kinds.
//
// Columns take their names from the header, or are called c1, c2, ... where there is none or the
// header's cell is empty. A column of numbers holds doubles, NaN where a cell is missing; a column
// of text holds codes into its list of different values, in order of first appearance.
//
// Errors: UserError with a diagnostic per cell (the first five of each column) that is no number in
// a column of numbers; and all that DataSource and CsvReader refuse. Memory: at most eight bytes
// per cell, fewer for small integers, and a few megabytes of the file for each thread.
//
// Plain text is read fast, once and by several threads (data/plain_table.h), all else with care, in
// two readings: one to survey, one to keep. Both give the same table.
//
//     Table table = read_table("iris.csv");
//     table.columns[0].numbers[12], table.line(12)
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/data_source.h"
#include "data/number_column.h"

namespace chainrule {

enum class ColumnKind : std::uint8_t { number, text };

struct Column {
    static constexpr std::uint16_t missing_code = std::numeric_limits<std::uint16_t>::max();

    std::string name;
    ColumnKind kind = ColumnKind::number;
    std::size_t missing = 0;           // how many of the cells that are here
    bool is_constant = false;          // of numbers: the same one in every row of the file
    NumberColumn numbers;              // of a number column
    std::vector<std::uint16_t> codes;  // of a text column, unless too_many_values
    std::vector<std::string> values;   // what the codes stand for
    // More than 65,535 different texts: an identifier or prose, of which nothing is kept.
    bool too_many_values = false;

    bool is_missing(std::size_t row) const;
};

// `c1` of the first.
std::string default_column_name(std::size_t column);

// The line of the file on which each row of data begins: rows and lines keep step but for blank
// lines and cells with line ends, so only the places where they slip are kept; of rows that change
// (a stream's window), each line.
class RowLines {
public:
    RowLines() = default;
    // So many rows that change: each line is to be put before it is asked for.
    explicit RowLines(std::size_t rows) : lines_(rows), rows_(rows) {}
    void put(std::size_t row, std::uint64_t line) { lines_[row] = line; }

    void add(std::uint64_t line);
    // As many rows on lines from this one on.
    void add(std::uint64_t first_line, std::size_t rows);
    std::uint64_t line(std::size_t row) const;
    std::size_t rows() const { return rows_; }
    // Those of some of the rows, in that order.
    RowLines of(std::span<const std::size_t> rows) const;

private:
    std::vector<std::pair<std::size_t, std::uint64_t>> slips_;  // from this row on: line - row
    std::vector<std::uint64_t> lines_;                          // of rows that change
    std::size_t rows_ = 0;
};

// How a file is written, where that is not to be seen from the file itself.
struct TableFormat {
    char delimiter = 0;                             // 0: sniffed (data/csv.h)
    std::optional<bool> has_header = std::nullopt;  // none: sniffed (data/survey.h)
};

struct Table {
    std::string source;  // what messages call the file
    bool has_header = false;
    char delimiter = ',';
    std::vector<Column> columns;
    RowLines lines;

    std::size_t rows() const { return lines.rows(); }
    std::uint64_t line(std::size_t row) const { return lines.line(row); }
    // `row 7, column 2 (width)`, as messages say it.
    std::string place(std::size_t row, std::size_t column) const;
    // `column 2 (width)`.
    std::string column_place(std::size_t column) const;
    // The names of the columns, up to 20 of them.
    std::string column_list() const;
    // rows() if none is; of a column that is not too_many_values.
    std::size_t first_missing(std::size_t column) const;
    // UserError that names file, row and column.
    [[noreturn]] void refuse_cell(std::size_t row, std::size_t column,
                                  const std::string& message) const;
};

// Drops all rows but these, which ascend, and the texts that none of these has. What a column is
// (its kind, and whether it is constant) stays what it is in the file.
void keep_rows(Table& table, std::span<const std::size_t> rows);

// The column of that name, if there is one; UserError for two of the name.
std::optional<std::size_t> find_column(const Table& table, std::string_view name);

// `path` may be "-", standard input.
Table read_table(const std::string& path, const TableFormat& format = {});
Table read_table(DataSource& source, const TableFormat& format = {});

}  // namespace chainrule
