// A table that comes through a pipe and is read once, its rows given out while it comes, whatever their
// number. The first rows show the delimiter, whether there is a header, and what the columns hold, by the rules
// of read_table (data/table.h); what they cannot show must be told.
//
//     PipedTable table(std::make_unique<DataSource>("-"), {});
//     table.begin(what_training_had(table.names()));
//     for (Table part; table.next(part);) use(part);
//
// Memory: the first rows and one part. Errors: those of read_table of the first rows, before any is given out;
// in later ones, after all rows before it, UserError for the first that is no record, has a cell that is no
// number in a column of numbers, or a missing one in a column that is told to be whole.
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
    // What each column is to hold.
    struct Told {
        bool is_text = false;   // whatever stands in it
        bool is_whole = false;  // no cell may be missing
    };
    void begin(const std::vector<Told>& columns);
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
