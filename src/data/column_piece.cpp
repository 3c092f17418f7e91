#include "data/column_piece.h"

#include <string_view>
#include <utility>

#include "data/cell.h"
#include "data/decimal.h"
#include "data/table.h"
#include "data/text_codes.h"

namespace chainrule {
namespace {

// None at the first cell that is neither number nor missing.
std::optional<ColumnPiece> read_numbers(const PlainCells& cells, std::size_t column,
                                        std::vector<double>& numbers) {
    ColumnPiece piece;
    numbers.resize(cells.rows());
    NumberRange& range = piece.survey.range;
    for (std::size_t row = 0; row < cells.rows(); ++row) {
        const std::string_view text = cells.cell(row, column, piece.quotes);
        double number = 0;
        if (!parse_padded_decimal(text, number)) {
            const Cell cell = parse_cell(text);
            if (cell.kind != CellKind::number && cell.kind != CellKind::missing) {
                return std::nullopt;
            }
            number = cell.number;
            piece.survey.missing += cell.kind == CellKind::missing ? 1 : 0;
        }
        numbers[row] = number;
        // NaN, a missing number, is neither less nor greater than any.
        range.least = number < range.least ? number : range.least;
        range.greatest = number > range.greatest ? number : range.greatest;
    }
    piece.survey.numbers = numbers.size() - piece.survey.missing;
    range.look_at_kinds(numbers);
    piece.numbers = NumberColumn(piece.survey.range, numbers);
    return piece;
}

std::optional<ColumnPiece> read_texts(const PlainCells& cells, std::size_t column,
                                      const std::string& first) {
    ColumnPiece piece;
    TextCodes codes;
    std::vector<Cell> parsed;  // by code: each text is looked at once
    piece.codes.reserve(cells.rows());
    for (std::size_t row = 0; row < cells.rows(); ++row) {
        const std::string_view text = cells.cell(row, column, piece.quotes);
        const auto code = codes.code(text);
        if (!code) {
            return std::nullopt;
        }
        if (*code == parsed.size()) {
            parsed.push_back(parse_cell(text));
            piece.survey.first_recurs = piece.survey.first_recurs || text == first;
        }
        const Cell& cell = parsed[*code];
        count_cell(piece.survey, cell, text, cells.line(row));
        piece.codes.push_back(cell.kind == CellKind::missing ? Column::missing_code : *code);
    }
    piece.texts = codes.texts();
    for (std::size_t code = 0; code < parsed.size(); ++code) {
        if (parsed[code].kind == CellKind::missing) {
            piece.texts[code].clear();
        }
    }
    return piece;
}

}  // namespace

std::optional<ColumnPiece> read_piece(const PlainCells& cells, std::size_t column,
                                      const std::string& first, std::vector<double>& scratch) {
    auto piece = read_numbers(cells, column, scratch);
    return piece ? std::move(piece) : read_texts(cells, column, first);
}

}  // namespace chainrule
