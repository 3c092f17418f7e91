#include "data/column_piece.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "data/cell.h"
#include "data/plain_decimal.h"
#include "data/text_codes.h"

namespace chainrule {
namespace {

// A cell that is not as plain as most. False where it is neither number nor missing.
bool read_other_number(std::string_view text, ColumnSurvey& survey, double& number) {
    const Cell cell = parse_cell(text);
    number = cell.number;
    survey.missing += cell.kind == CellKind::missing ? 1 : 0;
    return cell.kind == CellKind::number || cell.kind == CellKind::missing;
}

// None at the first cell that is neither number nor missing.
std::optional<ColumnPiece> read_numbers(const PlainCells& cells, std::size_t column,
                                        std::vector<double>& numbers) {
    ColumnPiece piece;
    numbers.resize(cells.rows());
    double least = piece.survey.range.least;
    double greatest = piece.survey.range.greatest;
    for (std::size_t row = 0; row < numbers.size(); ++row) {
        const std::string_view text = cells.raw_cell(row, column);
        double number = 0;
        if (!parse_plain_decimal(text.data(), text.data() + text.size(), number) &&
            !read_other_number(cells.cell(row, column, piece.quotes), piece.survey, number)) {
            return std::nullopt;
        }
        numbers[row] = number;
        // NaN, a missing number, is neither less nor greater than any.
        least = number < least ? number : least;
        greatest = number > greatest ? number : greatest;
    }
    piece.survey.range.least = least;
    piece.survey.range.greatest = greatest;
    piece.survey.numbers = numbers.size() - piece.survey.missing;
    piece.survey.range.look_at_kinds(numbers);
    piece.numbers = NumberColumn(piece.survey.range, numbers);
    return piece;
}

// A different text of a column and how many cells have it.
struct CountedText {
    Cell cell;
    std::size_t count = 0;

    bool is_bad() const { return cell.kind == CellKind::malformed || cell.kind == CellKind::text; }
};

void sum_up(const std::vector<CountedText>& texts, ColumnSurvey& survey) {
    for (const auto& [cell, count] : texts) {
        if (cell.kind == CellKind::number) {
            survey.range.include(cell.number);
        }
        count_cells(survey, cell.kind, count);
    }
}

void keep_bad_cells(const PlainCells& cells, const std::vector<CountedText>& texts,
                    ColumnPiece& piece) {
    const std::size_t bad = piece.survey.malformed + piece.survey.texts;
    std::vector<BadCell>& kept = piece.survey.bad_cells;
    for (std::size_t row = 0; kept.size() < std::min(bad, bad_cells_kept); ++row) {
        const std::uint16_t code = piece.codes[row];
        if (texts[code].is_bad()) {
            kept.push_back(bad_cell(cells.line(row), piece.texts[code]));
        }
    }
}

std::optional<ColumnPiece> read_texts(const PlainCells& cells, std::size_t column,
                                      const std::string& first) {
    ColumnPiece piece;
    TextCodes codes;
    std::vector<CountedText> texts;  // by code: each text is looked at once
    piece.codes.resize(cells.rows());
    for (std::size_t row = 0; row < piece.codes.size(); ++row) {
        const std::string_view text = cells.cell(row, column, piece.quotes);
        const auto code = codes.padded_code(text);
        if (!code) {
            return std::nullopt;
        }
        if (*code == texts.size()) {
            texts.push_back({parse_cell(text)});
            piece.survey.first_recurs = piece.survey.first_recurs || text == first;
        }
        ++texts[*code].count;
        piece.codes[row] = *code;
    }
    piece.texts = codes.texts();
    sum_up(texts, piece.survey);
    keep_bad_cells(cells, texts, piece);
    for (std::size_t code = 0; code < texts.size(); ++code) {
        if (texts[code].cell.kind == CellKind::missing) {
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
