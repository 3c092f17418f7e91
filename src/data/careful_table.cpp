#include "data/careful_table.h"

#include <fmt/format.h>

#include <chrono>
#include <limits>
#include <string_view>
#include <utility>

#include "data/table_outline.h"
#include "lang/diagnostic.h"

namespace chainrule {
namespace {

// Who waits for an answer waits that much longer for it; what flows is not cut into small parts.
constexpr std::chrono::milliseconds pause_between_parts{1};

}  // namespace

void refuse_changed_file(const std::string& source) {
    throw UserError(source + " was changed while it was read: try again");
}

CarefulRows::CarefulRows(CsvReader& reader, const Survey& survey, std::string source)
    : reader_(reader), survey_(survey), source_(std::move(source)) {
    if (survey.has_header) {
        reader.next();
    }
}

void CarefulRows::add_text(Column& column, TextCodes& codes, std::string_view text, CellKind kind) {
    const bool is_missing = kind == CellKind::missing;
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

void CarefulRows::add_number(Column& column, const NumberRange& range, const Cell& cell) const {
    if (cell.number < range.least || cell.number > range.greatest) {
        refuse_changed_file(source_);
    }
    column.missing += cell.kind == CellKind::missing ? 1 : 0;
    column.numbers.add(cell.number);
}

// All cells of the row before the first of them is added: a row is whole or not there.
void CarefulRows::parse_cells(const Table& table) {
    const auto refuse = [&](std::size_t column, const std::string& why) {
        if (!survey_.is_open) {
            refuse_changed_file(source_);
        }
        throw UserError(fmt::format("{}: row {}, {}: {}", source_, reader_.row(),
                                    table.column_place(column), why));
    };
    cells_.clear();
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const std::string_view text = reader_.cells()[i];
        const Cell cell = cells_.emplace_back(parse_cell(text));
        const bool is_missing = cell.kind == CellKind::missing;
        if (table.columns[i].kind == ColumnKind::number && cell.kind != CellKind::number &&
            !is_missing) {
            refuse(i, describe_bad_number(text));
        }
        if (is_missing && survey_.columns[i].is_told_whole) {
            refuse(i, "the cell is missing");
        }
    }
}

void CarefulRows::add_record(Table& table, std::vector<TextCodes>& codes) {
    if ((!survey_.is_open && rows_ == survey_.rows) ||
        reader_.cells().size() != table.columns.size()) {
        refuse_changed_file(source_);
    }
    parse_cells(table);
    table.lines.add(reader_.row());
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        Column& column = table.columns[i];
        if (column.kind == ColumnKind::text) {
            add_text(column, codes[i], reader_.cells()[i], cells_[i].kind);
        } else {
            add_number(column, survey_.columns[i].range, cells_[i]);
        }
    }
    ++rows_;
}

std::size_t CarefulRows::fill(Table& table, std::size_t most) {
    if (error_) {
        std::rethrow_exception(error_);
    }
    std::vector<TextCodes> codes(table.columns.size());
    std::size_t filled = 0;
    try {
        CsvReader::Pause longest_pause;  // before the first row: as long as it takes
        for (; filled < most && reader_.next(longest_pause); ++filled) {
            add_record(table, codes);
            if (survey_.is_open) {
                longest_pause = pause_between_parts;
            }
        }
    } catch (const UserError&) {
        if (!survey_.is_open || filled == 0) {
            throw;
        }
        error_ = std::current_exception();
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
