// A table that comes through a pipe and is read once, its rows given out while it comes, whatever their
// number. The first rows show the delimiter, whether there is a header, and what the columns hold, by the rules
// of read_table (data/table.h); what they cannot show must be told.
//
//     PipedTable table(std::make_unique<DataSource>("-"), {});
//     table.begin(columns_that_are_text(table.names()));
//     for (Table part; table.next(part);) use(part);
//
// Columns that are told to be text are text, whatever stands in them. Memory: the first rows and one part.
// Errors: those of read_table of the first rows; in later ones, UserError for the first cell that is no number
// in a column of numbers.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "data/careful_table.h"
#include "data/csv.h"
#include "data/data_source.h"
#include "data/survey.h"
#include "data/table.h"

namespace chainrule {

class PipedTable {
public:
    static constexpr std::size_t usual_rows = 4096;

    // Reads the first `part_rows` rows; the parts have as many.
    PipedTable(std::unique_ptr<DataSource> source, const TableFormat& format,
               std::size_t part_rows = usual_rows);

    // The columns' names, without their kinds.
    const Table& names() const { return outline_; }
    // Of each column, whether it is text.
    void begin(const std::vector<bool>& is_text);
    // The next rows; false at the end.
    bool next(Table& part);

private:
    std::unique_ptr<DataSource> source_;
    std::size_t part_rows_;
    Survey survey_;
    Table outline_;
    std::optional<CsvReader> records_;
    std::optional<CarefulRows> rows_;
};

}  // namespace chainrule
