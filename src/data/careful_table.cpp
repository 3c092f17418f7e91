#include "data/careful_table.h"

#include <limits>
#include <string_view>
#include <utility>

#include "data/cell.h"
#include "data/table_outline.h"
#include "lang/diagnostic.h"

namespace chainrule {

void refuse_changed_file(const std::string& source) {
    throw UserError(source + " was changed while it was read: try again");
}

CarefulRows::CarefulRows(CsvReader& reader, const Survey& survey, std::string source)
    : reader_(reader), survey_(survey), source_(std::move(source)) {
    if (survey.has_header) {
        reader.next();
    }
}

void CarefulRows::add_text(Column& column, TextCodes& codes, std::string_view text) {
    const bool is_missing = parse_cell(text).kind == CellKind::missing;
    column.missing += is_missing ? 1 : 0;
    if (column.too_many_values) {
        return;
    }
    const auto code = is_missing ? Column::missing_code : codes.code(text);
    if (!code) {
        column.too_many_values = true;
        column.codes = {};
        codes = {};
        return;
    }
    column.codes.push_back(*code);
}

void CarefulRows::add_number(Table& table, std::size_t column, std::string_view text) const {
    const Cell cell = parse_cell(text);
    const bool is_number = cell.kind == CellKind::number || cell.kind == CellKind::missing;
    if (!is_number && survey_.is_open) {
        table.refuse_cell(table.rows() - 1, column, describe_bad_number(text));
    }
    const NumberRange& range = survey_.columns[column].range;
    if (!is_number || cell.number < range.least || cell.number > range.greatest) {
        refuse_changed_file(source_);
    }
    table.columns[column].missing += cell.kind == CellKind::missing ? 1 : 0;
    table.columns[column].numbers.add(cell.number);
}

std::size_t CarefulRows::fill(Table& table, std::size_t most) {
    std::vector<TextCodes> codes(table.columns.size());
    std::size_t filled = 0;
    while (filled < most && reader_.next()) {
        if ((!survey_.is_open && rows_ == survey_.rows) ||
            reader_.cells().size() != table.columns.size()) {
            refuse_changed_file(source_);
        }
        table.lines.add(reader_.row());
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            Column& column = table.columns[i];
            if (column.kind == ColumnKind::text) {
                add_text(column, codes[i], reader_.cells()[i]);
            } else {
                add_number(table, i, reader_.cells()[i]);
            }
        }
        ++filled;
        ++rows_;
    }
    if (filled < most && !survey_.is_open && rows_ != survey_.rows) {
        refuse_changed_file(source_);
    }
    for (std::size_t i = 0; i < codes.size(); ++i) {
        table.columns[i].values = codes[i].texts();
    }
    return filled;
}

Table read_careful_table(DataSource& source, const TableFormat& format) {
    CsvReader first_reading(source, format.delimiter);
    const Survey survey = survey_records(first_reading, source.name(), format.has_header);
    Table table = outline_table(survey, source.name(), first_reading.delimiter(), survey.rows);
    source.rewind(DataSource::Reading::last);
    // Sniffs again, if it does: lines before the delimiter is known are blank by another rule.
    CsvReader second_reading(source, format.delimiter);
    CarefulRows(second_reading, survey, source.name())
        .fill(table, std::numeric_limits<std::size_t>::max());
    return table;
}

}  // namespace chainrule
