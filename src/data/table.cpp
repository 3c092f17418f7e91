#include "data/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "data/careful_table.h"
#include "data/data_source.h"
#include "data/numbers.h"
#include "data/plain_table.h"
#include "lang/diagnostic.h"

namespace chainrule {
namespace {

std::string describe_column(std::size_t index, const std::string& name) {
    return name == default_column_name(index) ? fmt::format("column {}", index + 1)
                                              : fmt::format("column {} ({})", index + 1, name);
}

}  // namespace

std::string default_column_name(std::size_t column) { return fmt::format("c{}", column + 1); }

bool Column::is_missing(std::size_t row) const {
    return kind == ColumnKind::number ? std::isnan(numbers[row]) : codes[row] == missing_code;
}

void RowLines::add(std::uint64_t line) { add(line, 1); }

void RowLines::add(std::uint64_t first_line, std::size_t rows) {
    const std::uint64_t slip = first_line - rows_;
    if (rows > 0 && (slips_.empty() || slips_.back().second != slip)) {
        slips_.emplace_back(rows_, slip);
    }
    rows_ += rows;
}

std::uint64_t RowLines::line(std::size_t row) const {
    if (!lines_.empty()) {
        return lines_[row];
    }
    const auto after =
        std::upper_bound(slips_.begin(), slips_.end(), row,
                         [](std::size_t value, const auto& entry) { return value < entry.first; });
    return row + std::prev(after)->second;
}

RowLines RowLines::of(std::span<const std::size_t> rows) const {
    RowLines chosen;
    for (const std::size_t row : rows) {
        if (row < rows_) {
            chosen.add(line(row));
        }
    }
    return chosen;
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

namespace {

// Codes anew, in the order in which the texts now first appear.
void code_again(Column& column) {
    std::vector<std::string> values;
    std::vector<std::uint16_t> code_of(column.values.size(), Column::missing_code);
    for (std::uint16_t& code : column.codes) {
        if (code == Column::missing_code) {
            continue;
        }
        if (code_of[code] == Column::missing_code) {
            code_of[code] = static_cast<std::uint16_t>(values.size());
            values.push_back(std::move(column.values[code]));
        }
        code = code_of[code];
    }
    column.values = std::move(values);
}

}  // namespace

void keep_rows(Table& table, std::span<const std::size_t> rows) {
    for (Column& column : table.columns) {
        if (column.too_many_values) {
            continue;
        }
        if (column.missing > 0) {
            column.missing = static_cast<std::size_t>(std::ranges::count_if(
                rows, [&](std::size_t row) { return column.is_missing(row); }));
        }
        if (column.kind == ColumnKind::number) {
            column.numbers.keep_rows(rows);
        } else {
            keep_rows(column.codes, rows, 1);
            code_again(column);
        }
    }
    table.lines = table.lines.of(rows);
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
    if (auto table = read_plain_table(source, format)) {
        return std::move(*table);
    }
    source.rewind(DataSource::Reading::one_more);
    return read_careful_table(source, format);
}

}  // namespace chainrule
