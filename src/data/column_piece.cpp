#include "data/column_piece.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "data/cell.h"
#include "data/number_column.h"
#include "data/plain_numbers.h"
#include "data/text_codes.h"

namespace chainrule {
namespace {

// None at the first cell that is neither number nor missing.
std::optional<ColumnPiece> read_numbers(const PlainCells& cells, std::size_t column) {
    ColumnPiece piece;
    const std::size_t rows = cells.rows();
    piece.numbers = std::make_unique_for_overwrite<double[]>(rows);
    double* const numbers = piece.numbers.get();
    PlainNumbers plain;
    bool all_plain = true;
    NumberRange& range = piece.survey.range;
    for (std::size_t row = 0;; ++row) {
        row = read_plain_numbers(cells, column, row, numbers, plain);
        if (row == rows) {
            break;
        }
        const Cell cell = parse_cell(cells.cell(row, column, piece.quotes));
        if (cell.kind == CellKind::number) {
            all_plain = false;
            range.include(cell.number);
        } else if (cell.kind == CellKind::missing) {
            ++piece.survey.missing;
        } else {
            return std::nullopt;
        }
        numbers[row] = cell.number;
    }
    piece.survey.numbers = rows - piece.survey.missing;
    range.least = std::min(range.least, plain.least);
    range.greatest = std::max(range.greatest, plain.greatest);
    range.look_at_kinds({numbers, rows}, all_plain && plain.are_integers());
    return piece;
}

// The different texts of a column, by code, and how many cells have each.
struct CountedTexts {
    std::vector<Cell> cells;
    std::vector<std::size_t> counts;

    bool is_bad(std::uint16_t code) const {
        const CellKind kind = cells[code].kind;
        return kind == CellKind::malformed || kind == CellKind::text;
    }
};

void sum_up(const CountedTexts& texts, ColumnSurvey& survey) {
    for (std::size_t code = 0; code < texts.cells.size(); ++code) {
        const Cell& cell = texts.cells[code];
        if (cell.kind == CellKind::number) {
            survey.range.include(cell.number);
        }
        count_cells(survey, cell.kind, texts.counts[code]);
    }
}

void keep_bad_cells(const PlainCells& cells, const CountedTexts& texts, ColumnPiece& piece) {
    const std::size_t bad = piece.survey.malformed + piece.survey.texts;
    std::vector<BadCell>& kept = piece.survey.bad_cells;
    for (std::size_t row = 0; kept.size() < std::min(bad, bad_cells_kept); ++row) {
        const std::uint16_t code = piece.codes[row];
        if (texts.is_bad(code)) {
            kept.push_back(bad_cell(cells.line(row), piece.texts[code]));
        }
    }
}

std::optional<ColumnPiece> read_texts(const PlainCells& cells, std::size_t column,
                                      const std::string& first) {
    ColumnPiece piece;
    TextCodes codes;
    CountedTexts texts;
    std::size_t known = 0;
    piece.codes.resize(cells.rows());
    for (std::size_t row = 0; row < piece.codes.size(); ++row) {
        const std::string_view text = cells.cell(row, column, piece.quotes);
        const std::uint16_t code = codes.padded_code(text);
        if (code == TextCodes::most) {
            return std::nullopt;
        }
        if (code == known) {  // each text is looked at once
            ++known;
            texts.cells.push_back(parse_cell(text));
            texts.counts.push_back(0);
            piece.survey.first_recurs = piece.survey.first_recurs || text == first;
        }
        ++texts.counts[code];
        piece.codes[row] = code;
    }
    piece.texts = codes.texts();
    sum_up(texts, piece.survey);
    keep_bad_cells(cells, texts, piece);
    for (std::size_t code = 0; code < known; ++code) {
        if (texts.cells[code].kind == CellKind::missing) {
            piece.texts[code].clear();
        }
    }
    return piece;
}

}  // namespace

std::optional<ColumnPiece> read_piece(const PlainCells& cells, std::size_t column,
                                      const std::string& first) {
    auto piece = read_numbers(cells, column);
    return piece ? std::move(piece) : read_texts(cells, column, first);
}

}  // namespace chainrule
