#include "data/survey.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "lang/diagnostic.h"

namespace chainrule {
namespace {

constexpr std::size_t bad_cell_length = 64;

bool has_values(const ColumnSurvey& column) { return column.numbers + column.malformed > 0; }

bool all_text_header(const Survey& survey) {
    std::set<std::string_view> names;
    for (const ColumnSurvey& column : survey.columns) {
        if (column.first_kind != CellKind::text || column.first_recurs ||
            !names.insert(column.first).second) {
            return false;
        }
    }
    return true;
}

// Whether the numbers of the first row are those by which pandas names columns: 0, 1, 2, ...
bool counts_from_zero(const Survey& survey) {
    double expected = 0;
    for (const ColumnSurvey& column : survey.columns) {
        const Cell cell = parse_cell(column.first);
        if (cell.kind == CellKind::number && cell.number != expected++) {
            return false;
        }
    }
    return true;
}

// `survey` counts the rows after the first.
bool is_header(const Survey& survey) {
    const auto& columns = survey.columns;
    if (survey.rows == 0) {
        return std::none_of(columns.begin(), columns.end(), [](const ColumnSurvey& column) {
            return column.first_kind == CellKind::number;
        });
    }
    std::size_t number_columns = 0;
    std::size_t text_over_numbers = 0;
    std::size_t number_over_numbers = 0;
    for (const ColumnSurvey& column : columns) {
        if (column.holds_numbers() && has_values(column)) {
            ++number_columns;
            text_over_numbers += column.first_kind == CellKind::text ? 1 : 0;
            number_over_numbers +=
                column.first_kind == CellKind::number || column.first_kind == CellKind::malformed
                    ? 1
                    : 0;
        }
    }
    if (number_columns == 0) {
        return all_text_header(survey);
    }
    return text_over_numbers > number_over_numbers ||
           (text_over_numbers > 0 && counts_from_zero(survey));
}

void count_first_row(Survey& survey, std::uint64_t row) {
    ++survey.rows;
    for (ColumnSurvey& column : survey.columns) {
        std::vector<BadCell> later = std::move(column.bad_cells);
        column.bad_cells.clear();
        count_cell(column, parse_cell(column.first), column.first, row);
        column.bad_cells.insert(column.bad_cells.end(), later.begin(), later.end());
        column.bad_cells.resize(std::min(column.bad_cells.size(), bad_cells_kept));
    }
}

}  // namespace

BadCell bad_cell(std::uint64_t row, std::string_view text) {
    return {row, std::string(text.substr(0, bad_cell_length))};
}

void count_cells(ColumnSurvey& column, CellKind kind, std::size_t count) {
    switch (kind) {
    case CellKind::number:
        column.numbers += count;
        break;
    case CellKind::missing:
        column.missing += count;
        break;
    case CellKind::malformed:
        column.malformed += count;
        break;
    case CellKind::text:
        column.texts += count;
        break;
    }
}

void count_cell(ColumnSurvey& column, const Cell& cell, std::string_view text, std::uint64_t row) {
    count_cells(column, cell.kind, 1);
    if (cell.kind == CellKind::number) {
        column.range.include(cell.number);
    } else if (cell.kind != CellKind::missing && column.bad_cells.size() < bad_cells_kept) {
        column.bad_cells.push_back(bad_cell(row, text));
    }
}

void decide_first_row(Survey& survey, std::uint64_t first_row, std::optional<bool> has_header) {
    survey.has_header = has_header ? *has_header : is_header(survey);
    if (!survey.has_header) {
        count_first_row(survey, first_row);
    }
}

void finish_survey(Survey& survey, std::uint64_t first_row, const std::string& source_name,
                   std::optional<bool> has_header) {
    decide_first_row(survey, first_row, has_header);
    if (survey.rows == 0) {
        throw UserError(
            fmt::format("{} holds only a header (row {}): expected rows of numbers below it",
                        source_name, first_row));
    }
}

Survey survey_records(CsvReader& reader, const std::string& source_name,
                      std::optional<bool> has_header, const SurveyedRows& surveyed) {
    Survey survey;
    reader.next();
    const std::uint64_t first_row = reader.row();
    survey.columns.reserve(reader.cells().size());
    for (const std::string_view text : reader.cells()) {
        ColumnSurvey column;
        column.first = text;
        column.first_kind = parse_cell(text).kind;
        survey.columns.push_back(std::move(column));
    }
    if (!has_header && surveyed.is_header) {
        has_header = surveyed.is_header(reader.cells());
    }
    const auto longest_pause = [&] {
        const bool has_row = survey.rows > 0 || has_header == false;
        return has_header && has_row ? surveyed.longest_pause : std::nullopt;
    };
    while (survey.rows < surveyed.most && reader.next(longest_pause())) {
        ++survey.rows;
        for (std::size_t i = 0; i < survey.columns.size(); ++i) {
            ColumnSurvey& column = survey.columns[i];
            const std::string_view text = reader.cells()[i];
            count_cell(column, parse_cell(text), text, reader.row());
            column.first_recurs = column.first_recurs || text == column.first;
        }
    }
    survey.is_open = !reader.is_at_end();
    finish_survey(survey, first_row, source_name, has_header);
    return survey;
}

}  // namespace chainrule
