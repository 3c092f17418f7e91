#include "data/piece_columns.h"

#include <atomic>

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

void SurveyOfPieces::add(const std::vector<Pieces>& stretches) {
    for (const Pieces& pieces : stretches) {
        survey_.rows += pieces.rows;
        for (std::size_t i = 0; i < survey_.columns.size(); ++i) {
            add_counts(survey_.columns[i], pieces.columns[i].survey, row_);
        }
        row_ += pieces.lines;
    }
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

bool ColumnFiller::add(ColumnPiece& piece, std::size_t rows) {
    column_.missing += piece.survey.missing;
    if (column_.kind == ColumnKind::number) {
        column_.numbers.append(piece.numbers);
        piece.numbers = {};
        return piece.holds_numbers();
    }
    return column_.too_many_values || add_texts(piece, rows);
}

bool ColumnFiller::add_texts(ColumnPiece& piece, std::size_t rows) {
    if (piece.holds_numbers()) {
        column_.codes.resize(column_.codes.size() + rows, Column::missing_code);
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
    for (const std::uint16_t code : piece.codes) {
        column_.codes.push_back(code == Column::missing_code ? code : code_of[code]);
    }
    piece.codes = {};
    return true;
}

void ColumnFiller::finish() {
    if (column_.too_many_values) {
        column_.codes = {};
    } else {
        column_.values = codes_.texts();
    }
}

bool fill_rows(Table& table, const FirstRecord& first, bool with_first, std::uint64_t first_line,
               std::vector<Pieces>& stretches) {
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> done = true;
    run_in_threads(stretches.size() > 1, [&] {
        for (std::size_t i = next++; i < table.columns.size(); i = next++) {
            ColumnFiller filler(table.columns[i]);
            if (with_first) {
                filler.add_first(first.cells[i]);
            }
            for (Pieces& pieces : stretches) {
                if (!filler.add(pieces.columns[i], pieces.rows)) {
                    done = false;
                    break;
                }
            }
            filler.finish();
        }
    });
    if (with_first) {
        table.lines.add(first.row);
    }
    for (const Pieces& pieces : stretches) {
        for (const auto& [line, count] : pieces.runs) {
            table.lines.add(first_line + line, count);
        }
        first_line += pieces.lines;
    }
    return done;
}

}  // namespace chainrule
