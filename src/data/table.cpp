#include "data/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_map>

#include "data/csv.h"
#include "data/data_source.h"
#include "data/survey.h"
#include "lang/diagnostic.h"

namespace chainrule {
namespace {

using CodeTable = std::unordered_map<std::string, std::uint16_t>;

std::string default_name(std::size_t column) { return fmt::format("c{}", column + 1); }

std::string describe_column(std::size_t index, const std::string& name) {
    return name == default_name(index) ? fmt::format("column {}", index + 1)
                                       : fmt::format("column {} ({})", index + 1, name);
}

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

Table outline(const Survey& survey, const std::string& source) {
    Table table;
    table.source = source;
    table.has_header = survey.has_header;
    table.columns.reserve(survey.columns.size());
    for (const ColumnSurvey& found : survey.columns) {
        Column column;
        column.name = survey.has_header && !found.first.empty()
                          ? found.first
                          : default_name(table.columns.size());
        column.kind = found.holds_numbers() ? ColumnKind::number : ColumnKind::text;
        column.missing = found.missing;
        if (column.kind == ColumnKind::number) {
            column.numbers = NumberColumn(found.range, survey.rows);
        } else {
            column.codes.reserve(survey.rows);
        }
        table.columns.push_back(std::move(column));
    }
    return table;
}

void add_text(Column& column, CodeTable& codes, std::string_view text) {
    if (column.too_many_values) {
        return;
    }
    if (parse_cell(text).kind == CellKind::missing) {
        column.codes.push_back(Column::missing_code);
        return;
    }
    const auto next = static_cast<std::uint16_t>(column.values.size());
    const auto [found, is_new] = codes.try_emplace(std::string(text), next);
    if (is_new && column.values.size() == Column::missing_code) {
        column.too_many_values = true;
        column.codes = {};
        column.values = {};
        codes = {};
        return;
    }
    if (is_new) {
        column.values.emplace_back(text);
    }
    column.codes.push_back(found->second);
}

void fill(Table& table, CsvReader& reader, const Survey& survey) {
    std::vector<CodeTable> codes(table.columns.size());
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
}

}  // namespace

bool Column::is_missing(std::size_t row) const {
    return kind == ColumnKind::number ? std::isnan(numbers[row]) : codes[row] == missing_code;
}

void RowLines::add(std::uint64_t line) {
    const std::uint64_t slip = line - rows_;
    if (slips_.empty() || slips_.back().second != slip) {
        slips_.emplace_back(rows_, slip);
    }
    ++rows_;
}

std::uint64_t RowLines::line(std::size_t row) const {
    const auto after =
        std::upper_bound(slips_.begin(), slips_.end(), row,
                         [](std::size_t value, const auto& entry) { return value < entry.first; });
    return row + std::prev(after)->second;
}

std::string Table::column_place(std::size_t column) const {
    return describe_column(column, columns[column].name);
}

std::string Table::place(std::size_t row, std::size_t column) const {
    return fmt::format("row {}, {}", line(row), column_place(column));
}

std::string Table::column_list() const {
    constexpr std::size_t most = 20;
    std::string list;
    for (std::size_t i = 0; i < std::min(columns.size(), most); ++i) {
        list += (i == 0 ? "" : ", ") + columns[i].name;
    }
    return columns.size() > most ? list + ", ..." : list;
}

std::size_t Table::first_missing(std::size_t column) const {
    std::size_t row = 0;
    while (row < rows() && !columns[column].is_missing(row)) {
        ++row;
    }
    return row;
}

void Table::refuse_cell(std::size_t row, std::size_t column, const std::string& message) const {
    throw UserError(fmt::format("{}: {}: {}", source, place(row, column), message));
}

std::optional<std::size_t> find_column(const Table& table, std::string_view name) {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (table.columns[i].name != name) {
            continue;
        }
        if (found) {
            throw UserError(fmt::format("{}: columns {} and {} are both called {}: rename one",
                                        table.source, *found + 1, i + 1, name));
        }
        found = i;
    }
    return found;
}

Table read_table(const std::string& path, const TableFormat& format) {
    DataSource source(path);
    return read_table(source, format);
}

Table read_table(DataSource& source, const TableFormat& format) {
    CsvReader first_reading(source, format.delimiter);
    const Survey survey = survey_records(first_reading, source.name(), format.has_header);
    Table table = outline(survey, source.name());
    table.delimiter = first_reading.delimiter();
    refuse_bad_cells(survey, table);
    source.rewind();
    CsvReader second_reading(source, table.delimiter);
    fill(table, second_reading, survey);
    return table;
}

}  // namespace chainrule
