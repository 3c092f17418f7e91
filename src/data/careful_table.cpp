#include "data/careful_table.h"

#include <string_view>
#include <vector>

#include "data/cell.h"
#include "data/csv.h"
#include "data/survey.h"
#include "data/table_outline.h"
#include "data/text_codes.h"
#include "lang/diagnostic.h"

namespace chainrule {
namespace {

void add_text(Column& column, TextCodes& codes, std::string_view text) {
    if (column.too_many_values) {
        return;
    }
    if (parse_cell(text).kind == CellKind::missing) {
        column.codes.push_back(Column::missing_code);
        return;
    }
    const auto code = codes.code(text);
    if (!code) {
        column.too_many_values = true;
        column.codes = {};
        codes = {};
        return;
    }
    column.codes.push_back(*code);
}

void fill(Table& table, CsvReader& reader, const Survey& survey) {
    std::vector<TextCodes> codes(table.columns.size());
    if (table.has_header) {
        reader.next();
    }
    const auto changed = [&]() -> UserError {
        return UserError(table.source + " was changed while it was read: try again");
    };
    while (reader.next()) {
        if (table.rows() == survey.rows || reader.cells().size() != table.columns.size()) {
            throw changed();
        }
        table.lines.add(reader.row());
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            Column& column = table.columns[i];
            const std::string_view text = reader.cells()[i];
            if (column.kind == ColumnKind::text) {
                add_text(column, codes[i], text);
                continue;
            }
            const Cell cell = parse_cell(text);
            const NumberRange& range = survey.columns[i].range;
            if (cell.kind == CellKind::text || cell.kind == CellKind::malformed ||
                cell.number < range.least || cell.number > range.greatest) {
                throw changed();
            }
            column.numbers.add(cell.number);
        }
    }
    if (table.rows() != survey.rows) {
        throw changed();
    }
    for (std::size_t i = 0; i < codes.size(); ++i) {
        table.columns[i].values = codes[i].texts();
    }
}

}  // namespace

Table read_careful_table(DataSource& source, const TableFormat& format) {
    CsvReader first_reading(source, format.delimiter);
    const Survey survey = survey_records(first_reading, source.name(), format.has_header);
    Table table = outline_table(survey, source.name(), first_reading.delimiter());
    source.rewind(DataSource::Reading::last);
    // Sniffs again, if it does: lines before the delimiter is known are blank by another rule.
    CsvReader second_reading(source, format.delimiter);
    fill(table, second_reading, survey);
    return table;
}

}  // namespace chainrule
