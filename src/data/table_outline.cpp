#include "data/table_outline.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "data/cell.h"
#include "data/large_block.h"
#include "lang/diagnostic.h"

namespace chainrule {
namespace {

std::vector<Note> notes_on_bad_cells(const ColumnSurvey& column, bool first_row_is_bad) {
    std::vector<Note> notes;
    const std::size_t bad = column.malformed + column.texts;
    if (bad > column.bad_cells.size()) {
        notes.push_back(
            {fmt::format("the column has {} such cells, and {} numbers", bad, column.numbers), {}});
    }
    if (first_row_is_bad) {
        notes.push_back({"this row has numbers too, so it is not taken for a header", {}});
    }
    return notes;
}

void refuse_bad_cells(const Survey& survey, const Table& table) {
    std::vector<Diagnostic> errors;
    for (std::size_t i = 0; i < survey.columns.size(); ++i) {
        const ColumnSurvey& column = survey.columns[i];
        if (!column.holds_numbers()) {
            continue;
        }
        for (const BadCell& cell : column.bad_cells) {
            if (errors.size() == Diagnostics::limit) {
                break;
            }
            errors.push_back({Severity::error,
                              fmt::format("{}: row {}, {}: {}", table.source, cell.row,
                                          table.column_place(i), describe_bad_number(cell.text)),
                              {},
                              {}});
        }
        if (!column.bad_cells.empty()) {
            const bool in_first_row = !survey.has_header && column.first_kind == CellKind::text;
            errors.back().notes = notes_on_bad_cells(column, in_first_row);
        }
    }
    if (!errors.empty()) {
        throw UserError(std::move(errors));
    }
}

}  // namespace

Table outline_names(const Survey& survey, const std::string& source, char delimiter) {
    Table table;
    table.source = source;
    table.delimiter = delimiter;
    table.has_header = survey.has_header;
    table.columns.reserve(survey.columns.size());
    for (const ColumnSurvey& found : survey.columns) {
        Column column;
        column.name = survey.has_header && !found.first.empty()
                          ? found.first
                          : default_column_name(table.columns.size());
        table.columns.push_back(std::move(column));
    }
    return table;
}

Table outline_columns(const Survey& survey, const std::string& source, char delimiter,
                      std::size_t room) {
    Table table = outline_names(survey, source, delimiter);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const ColumnSurvey& found = survey.columns[i];
        Column& column = table.columns[i];
        column.kind = found.holds_numbers() ? ColumnKind::number : ColumnKind::text;
        column.is_constant = column.kind == ColumnKind::number && found.missing == 0 &&
                             found.range.least == found.range.greatest;
        if (column.kind == ColumnKind::number) {
            column.numbers = NumberColumn(found.range, room);
        } else {
            column.codes.reserve(room);
            prefer_large_pages(column.codes.data(), room * sizeof column.codes[0]);
        }
    }
    return table;
}

Table outline_table(const Survey& survey, const std::string& source, char delimiter,
                    std::size_t room) {
    Table table = outline_columns(survey, source, delimiter, room);
    refuse_bad_cells(survey, table);
    return table;
}

}  // namespace chainrule
