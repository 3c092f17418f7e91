// The first reading of a CSV file: what its columns hold and whether its first row is a header.
//
// A column is one of numbers unless most of its cells are text: then the few cells that are no
// numbers are the error (bad_cells), and not the column a category.
//
// The first row is a header
// - where it has text over a column of numbers and no number over any;
// - where it has both, if text is over more columns, or if the numbers are pandas' names, 0, 1
//   and so on in order; otherwise it is data, and its text cells are errors;
// - in a file without columns of numbers, if its cells differ from each other and none occurs again
//   in its column;
// - if it is the only row, unless it holds a number.
//
// Memory: a few hundred bytes per column, whatever the number of rows.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/cell.h"
#include "data/csv.h"
#include "data/number_column.h"

namespace chainrule {

// Of each column: enough to show what is wrong with it.
constexpr std::size_t bad_cells_kept = 5;

struct BadCell {
    std::uint64_t row = 0;
    std::string text;  // at most 64 bytes of it
};

BadCell bad_cell(std::uint64_t row, std::string_view text);

struct ColumnSurvey {
    std::string first;  // the cell in the first row
    CellKind first_kind = CellKind::missing;
    bool first_recurs = false;
    // The counts are of the data: without the first row if that is a header.
    std::size_t numbers = 0;
    std::size_t missing = 0;
    std::size_t malformed = 0;
    std::size_t texts = 0;
    NumberRange range;
    std::vector<BadCell> bad_cells;  // the first few malformed or text
    // By who knows better than the cells that were seen.
    bool is_told_text = false;
    bool is_told_whole = false;  // no cell may be missing

    bool holds_numbers() const {
        return !is_told_text && texts <= numbers + malformed &&
               (numbers + malformed > 0 || texts == 0);
    }
};

struct Survey {
    std::vector<ColumnSurvey> columns;
    bool has_header = false;
    std::size_t rows = 0;  // of data
    bool is_open = false;  // more rows may follow than were surveyed
};

// Counts cells of data of that kind, and nothing else of them.
void count_cells(ColumnSurvey& column, CellKind kind, std::size_t count);

// Counts a cell of data, in that row of the file.
void count_cell(ColumnSurvey& column, const Cell& cell, std::string_view text, std::uint64_t row);

// Decides on the first row, which is row `first_row` of the file, when all others are counted, or
// some of them for a guess; counts it where it is no header. `has_header` is that of
// survey_records.
void decide_first_row(Survey& survey, std::uint64_t first_row, std::optional<bool> has_header);

// The same for the whole file, with the errors of survey_records.
void finish_survey(Survey& survey, std::uint64_t first_row, const std::string& source_name,
                   std::optional<bool> has_header);

// How much of a file is surveyed: no more than so many rows, and where more than a pause goes by,
// no more than have come; at least one.
struct SurveyedRows {
    std::size_t most = std::numeric_limits<std::size_t>::max();
    // Where it is known whether the first row is a header: otherwise they decide.
    std::optional<std::chrono::milliseconds> longest_pause = std::nullopt;
    // What the first row's cells alone say of it, asked where it is not known.
    std::function<std::optional<bool>(const std::vector<std::string_view>& cells)> is_header = {};
};

// `has_header` is what is known of the first row; none: the rules above decide. Throws what
// CsvReader throws, and UserError where there is a header and no data.
Survey survey_records(CsvReader& reader, const std::string& source_name,
                      std::optional<bool> has_header = std::nullopt,
                      const SurveyedRows& surveyed = {});

}  // namespace chainrule
