#include "data/table_pipe.h"

#include <limits>
#include <utility>

#include "data/table_outline.h"

namespace chainrule {

PipedTable::PipedTable(std::unique_ptr<DataSource> source, const TableFormat& format,
                       std::size_t part_rows)
    : source_(std::move(source)), part_rows_(part_rows) {
    CsvReader reader(*source_, format.delimiter);
    survey_ = survey_records(reader, source_->name(), format.has_header, part_rows);
    outline_ = outline_names(survey_, source_->name(), reader.delimiter());
    // What was read comes again, and is let go this time.
    source_->rewind(DataSource::Reading::last);
    records_.emplace(*source_, format.delimiter);
}

void PipedTable::begin(const std::vector<Told>& columns) {
    for (std::size_t i = 0; i < survey_.columns.size(); ++i) {
        ColumnSurvey& column = survey_.columns[i];
        column.is_told_text = columns[i].is_text;
        if (survey_.is_open) {
            // Who uses the first rows refuses what is missing there.
            column.is_told_whole = columns[i].is_whole && column.missing == 0;
            // Later numbers may be any.
            column.range = {.least = -std::numeric_limits<double>::infinity(),
                            .greatest = std::numeric_limits<double>::infinity(),
                            .integers = false,
                            .floats = false};
        }
    }
    outline_ = outline_table(survey_, outline_.source, outline_.delimiter, 0);
    rows_.emplace(*records_, survey_, outline_.source);
}

bool PipedTable::next(Table& part) {
    part = outline_;
    return rows_->fill(part, part_rows_) > 0;
}

}  // namespace chainrule
