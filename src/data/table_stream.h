// A table that is read part by part, again and again, for files that memory does not hold.
//
// One reading surveys it (a second one collects the texts where the file is not plain): what its
// columns are, as read_table would have it. Every reading after that gives the rows in parts of a
// few megabytes.
//
//     const TableSurvey survey = survey_table("large.csv", {});
//     TableParts parts(survey);
//     for (Table part; parts.next(part);) use(part);
//
// A part has the kinds of the whole file, but its texts' codes and `missing` are its own; its lines
// are those of the file. Memory: the different texts of the columns and one part, whatever the
// file's size.
//
// Errors: those of read_table, except that a file must be a file: UserError for standard input, a
// pipe or a device, which can be read only once, and for a file that changes between readings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "data/careful_table.h"
#include "data/data_source.h"
#include "data/plain_pieces.h"
#include "data/survey.h"
#include "data/table.h"

namespace chainrule {

// How much is in memory at a time.
struct PartSize {
    std::size_t stretch_bytes = usual_stretch_size;
    std::size_t stretches = 8;        // of plain text
    std::size_t careful_rows = 4096;  // of other text
};

struct TableSurvey {
    std::string path;
    TableFormat format;
    PartSize part;
    Survey columns;
    bool is_plain = true;
    Table outline;             // names, kinds and all texts of the columns; no rows
    std::string weights = {};  // the column of the rows' weights; empty: they have none
    std::size_t left_out = 0;  // rows of weight 0

    std::size_t rows() const { return columns.rows - left_out; }
};

// UserError for what is no file.
void require_streamable(const std::string& path);

TableSurvey survey_table(const std::string& path, const TableFormat& format,
                         const PartSize& part = {});

// From now on rows of weight 0 are left out (data/weightless_rows.h), which takes one more reading
// to count the others.
void survey_weights(TableSurvey& survey, const std::string& weights);

class TableParts {
public:
    explicit TableParts(const TableSurvey& survey);

    // The next rows; false at the end.
    bool next(Table& part);

private:
    bool read(Table& part);
    // The rows of the next stretches; false behind the last one.
    bool read_plain(Table& part);

    const TableSurvey& survey_;
    Table outline_;  // without texts
    DataSource source_;
    std::size_t rows_ = 0;
    std::uint64_t line_ = 0;  // on which the next part begins
    bool is_at_start_ = true;
    // Of a plain file.
    std::optional<StretchReader> stretches_;
    std::optional<PlainReader> plain_;
    // Of another.
    std::optional<CsvReader> records_;
    std::optional<CarefulRows> careful_;
};

}  // namespace chainrule
