// One column of a stretch of plain CSV: what its cells are and, depending on that, its numbers or
// its texts as codes.
//
//     ColumnPiece piece = *read_piece(cells, 0, first_cell);
//     piece.survey.numbers, piece.numbers[7]
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/plain_cells.h"
#include "data/survey.h"

namespace chainrule {

struct ColumnPiece {
    ColumnSurvey survey;  // of these rows; the rows of bad cells are lines of the stretch
    std::unique_ptr<double[]>
        numbers;  // of each row, where all are numbers or missing, which are NaN
    std::vector<std::uint16_t> codes;  // of each row, otherwise
    std::vector<std::string> texts;  // of the codes; empty where the text stands for a missing cell
    std::size_t quotes = 0;          // that stand around cells

    bool holds_numbers() const { return survey.texts + survey.malformed == 0; }
};

// `first` is the column's cell in the first row of the file. None where there are more different
// texts than codes.
std::optional<ColumnPiece> read_piece(const PlainCells& cells, std::size_t column,
                                      const std::string& first);

}  // namespace chainrule
