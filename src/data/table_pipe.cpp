#include "data/table_pipe.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <string_view>
#include <utility>

#include "data/table_outline.h"

namespace chainrule {

namespace {

// Long enough for a program that writes all it has, however busy the machine.
constexpr std::chrono::milliseconds longest_pause{100};

// Whether these cells are a header, where they alone tell.
std::optional<bool> is_certain_header(const std::vector<std::string_view>& cells,
                                      const std::vector<std::string>& names) {
    const auto has = [&](CellKind kind) {
        return std::ranges::any_of(
            cells, [&](std::string_view cell) { return parse_cell(cell).kind == kind; });
    };
    const bool has_names = !names.empty() && std::ranges::all_of(names, [&](const auto& name) {
        return std::ranges::find(cells, name) != cells.end();
    });
    const bool has_numbers = has(CellKind::number);
    if (has_names && !has_numbers) {
        return true;
    }
    return has_numbers && !has(CellKind::text) ? std::optional(false) : std::nullopt;
}

}  // namespace

PipedTable::PipedTable(std::unique_ptr<DataSource> source, const TableFormat& format,
                       const std::vector<std::string>& header_names, std::size_t part_rows)
    : source_(std::move(source)), part_rows_(part_rows) {
    CsvReader reader(*source_, format.delimiter);
    survey_ = survey_records(
        reader, source_->name(), format.has_header,
        {.most = part_rows, .longest_pause = longest_pause, .is_header = [&](const auto& cells) {
             return is_certain_header(cells, header_names);
         }});
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
