// Any table that can be read, one record after the other: the road for what is not plain text
// (data/plain_table.h).
#pragma once

#include <cstddef>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "data/cell.h"
#include "data/csv.h"
#include "data/data_source.h"
#include "data/survey.h"
#include "data/table.h"
#include "data/text_codes.h"

namespace chainrule {

// Surveys the source, rewinds it and reads it. Errors are those of read_table.
Table read_careful_table(DataSource& source, const TableFormat& format);

// The rows of a surveyed file, in the second reading.
//
//     CsvReader reader(source, format.delimiter);     // from the beginning
//     CarefulRows rows(reader, survey, source.name());
//     while (rows.fill(table, 1000) > 0) ...
class CarefulRows {
public:
    // `source` is what messages call the file.
    CarefulRows(CsvReader& reader, const Survey& survey, std::string source);

    // Appends at most `most` rows to the table, which is an outline; how many. UserError where the
    // file is not what the survey found. Of one that is open, only the first row is waited for, and
    // a later row may be no record or have a cell that its column cannot hold: the rows before it
    // are given first, and the next call throws.
    std::size_t fill(Table& table, std::size_t most);

private:
    void add_record(Table& table, std::vector<TextCodes>& codes);
    void parse_cells(const Table& table);
    static void add_text(Column& column, TextCodes& codes, std::string_view text, CellKind kind);
    void add_number(Column& column, const NumberRange& range, const Cell& cell) const;

    CsvReader& reader_;
    const Survey& survey_;
    std::string source_;
    std::size_t rows_ = 0;      // read so far
    std::vector<Cell> cells_;   // of the row that is read
    std::exception_ptr error_;  // of the row behind those that were given
};

// "was changed while it was read", of a file that is read again.
[[noreturn]] void refuse_changed_file(const std::string& source);

}  // namespace chainrule
