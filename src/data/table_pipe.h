// A table that comes through a pipe and is read once, its rows given out while it comes, whatever
// their number. The first rows show the delimiter, whether there is a header, and what the columns
// hold, by the rules of read_table (data/table.h); what they cannot show must be told.
//
// A part ends where no more rows are there, so that who writes a row and waits gets it. For that
// the first row alone must say whether it is a header: it is one if it has all names that a header
// must have and no number, and none if it has numbers and no text. Otherwise the first 4,096 rows
// are waited for, as they decide.
//
//     PipedTable table(std::make_unique<DataSource>("-"), {}, {"width", "height"});
//     table.begin(what_training_had(table.names()));
//     for (Table part; table.next(part);) use(part);
//
// Memory: the first rows and one part. Errors: those of read_table of the first rows, before any is
// given out; in later ones, after all rows before it, UserError for the first that is no record,
// has a cell that is no number in a column of numbers, or a missing one in a column that is told to
// be whole.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
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

    // Reads the first rows, as many as come without a pause of a tenth of a second, up to
    // `part_rows`, which the parts have at most. `header_names` are none where any header will do.
    PipedTable(std::unique_ptr<DataSource> source, const TableFormat& format,
               const std::vector<std::string>& header_names = {},
               std::size_t part_rows = usual_rows);

    // The columns' names, without their kinds.
    const Table& names() const { return outline_; }
    // What each column is to hold.
    struct Told {
        bool is_text = false;   // whatever stands in it
        bool is_whole = false;  // no cell may be missing
    };
    void begin(const std::vector<Told>& columns);
    // The next rows, as many as are there; false at the end.
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
