#include "data/piece_columns.h"

#include <algorithm>
#include <cstddef>

#include "data/cell.h"

namespace chainrule {
namespace {

void add_counts(ColumnSurvey& total, const ColumnSurvey& piece, std::uint64_t first_row) {
    total.numbers += piece.numbers;
    total.missing += piece.missing;
    total.malformed += piece.malformed;
    total.texts += piece.texts;
    total.range.include(piece.range);
    total.first_recurs = total.first_recurs || piece.first_recurs;
    for (const BadCell& cell : piece.bad_cells) {
        if (total.bad_cells.size() < bad_cells_kept) {
            total.bad_cells.push_back({first_row + cell.row, cell.text});
        }
    }
}

}  // namespace

SurveyOfPieces::SurveyOfPieces(const FirstRecord& first)
    : first_row_(first.row), row_(first.row + 1) {
    for (const std::string& cell : first.cells) {
        ColumnSurvey column;
        column.first = cell;
        column.first_kind = parse_cell(cell).kind;
        survey_.columns.push_back(std::move(column));
    }
}

void SurveyOfPieces::add(const Pieces& pieces) {
    survey_.rows += pieces.rows;
    for (std::size_t i = 0; i < survey_.columns.size(); ++i) {
        add_counts(survey_.columns[i], pieces.columns[i].survey, row_);
    }
    row_ += pieces.lines;
}

Survey SurveyOfPieces::so_far(std::optional<bool> has_header) const {
    Survey guess = survey_;
    decide_first_row(guess, first_row_, has_header);
    return guess;
}

Survey SurveyOfPieces::finish(const std::string& source, std::optional<bool> has_header) {
    finish_survey(survey_, first_row_, source, has_header);
    return std::move(survey_);
}

void ColumnFiller::add_first(const std::string& cell) {
    const Cell parsed = parse_cell(cell);
    column_.missing += parsed.kind == CellKind::missing ? 1 : 0;
    if (column_.kind == ColumnKind::number) {
        column_.numbers.add(parsed.number);
    } else {
        column_.codes.push_back(parsed.kind == CellKind::missing ? Column::missing_code
                                                                 : *codes_.code(cell));
    }
}

bool ColumnFiller::add(const ColumnPiece& piece, std::size_t rows) {
    const bool has_numbers =
        column_.kind == ColumnKind::number && column_.missing < column_.numbers.size();
    if (column_.kind == ColumnKind::number && !has_numbers && !piece.holds_numbers()) {
        column_.kind = ColumnKind::text;
        column_.codes.assign(column_.numbers.size(), Column::missing_code);
        column_.numbers = {};
    }
    column_.missing += piece.survey.missing;
    if (column_.kind == ColumnKind::number) {
        if (piece.holds_numbers()) {
            column_.numbers.append(piece.survey.range, {piece.numbers.get(), rows});
        }
        return piece.holds_numbers();
    }
    return column_.too_many_values || add_texts(piece, rows);
}

bool ColumnFiller::add_texts(const ColumnPiece& piece, std::size_t rows) {
    const std::size_t before = column_.codes.size();
    if (piece.holds_numbers()) {
        column_.codes.resize(before + rows, Column::missing_code);
        return piece.survey.numbers == 0;
    }
    std::vector<std::uint16_t> code_of;
    for (const std::string& text : piece.texts) {
        const auto code = text.empty() ? Column::missing_code : codes_.code(text);
        if (!code) {
            column_.too_many_values = true;
            return true;
        }
        code_of.push_back(*code);
    }
    column_.codes.resize(before + rows);
    std::ranges::transform(piece.codes, column_.codes.begin() + static_cast<std::ptrdiff_t>(before),
                           [&](std::uint16_t code) { return code_of[code]; });
    return true;
}

void ColumnFiller::finish() {
    if (column_.too_many_values) {
        column_.codes = {};
    } else {
        column_.values = codes_.texts();
    }
}

TableFiller::TableFiller(Table& table, const FirstRecord& first, std::uint64_t line)
    : table_(table), first_(first), line_(line) {
    for (Column& column : table.columns) {
        columns_.emplace_back(column);
    }
}

void TableFiller::add_first() {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        columns_[i].add_first(first_.cells[i]);
    }
    table_.lines.add(first_.row);
}

std::size_t TableFiller::bytes_with(const Pieces& pieces) const {
    std::size_t bytes_per_row = 0;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const Column& column = table_.columns[i];
        const NumberColumn piece(pieces.columns[i].survey.range, 0);
        bytes_per_row += column.kind == ColumnKind::number
                             ? std::max(column.numbers.bytes_per_number(), piece.bytes_per_number())
                             : sizeof column.codes[0];
    }
    return (table_.rows() + pieces.rows) * bytes_per_row;
}

bool TableFiller::add(const Pieces& pieces) {
    bool fits = true;
    for (std::size_t i = 0; i < columns_.size() && fits; ++i) {
        fits = columns_[i].add(pieces.columns[i], pieces.rows);
    }
    for (auto run = pieces.runs.begin(); run != pieces.runs.end(); ++run) {
        const std::size_t end = run + 1 == pieces.runs.end() ? pieces.rows : (run + 1)->row;
        table_.lines.add(line_ + run->line, end - run->row);
    }
    line_ += pieces.lines;
    return fits;
}

void TableFiller::finish() {
    for (ColumnFiller& column : columns_) {
        column.finish();
    }
}

}  // namespace chainrule
