// The pieces of a plain file (data/plain_pieces.h) put together: into a survey of the whole file, and into the
// columns of a table.
//
//     SurveyOfPieces sum(first);
//     sum.add(stretches);
//     Table table = outline_table(sum.finish(source, format.has_header), source, first.delimiter);
//     fill_columns(table, first, stretches);
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/plain_pieces.h"
#include "data/survey.h"
#include "data/table.h"
#include "data/text_codes.h"

namespace chainrule {

class SurveyOfPieces {
public:
    explicit SurveyOfPieces(const FirstRecord& first);

    void add(const std::vector<Pieces>& stretches);
    // As finish_survey (data/survey.h).
    Survey finish(const std::string& source, std::optional<bool> has_header);

private:
    Survey survey_;
    std::uint64_t first_row_ = 0;
    std::uint64_t row_ = 0;  // of the next stretch's first line
};

// The cells of one column, one stretch after the other.
class ColumnFiller {
public:
    explicit ColumnFiller(Column& column) : column_(column) {}

    void add_first(const std::string& cell);
    // Takes the piece's memory. False where the column is text and the piece holds numbers, whose texts are
    // no longer there, or the other way round.
    bool add(ColumnPiece& piece, std::size_t rows);
    void finish();

private:
    bool add_texts(ColumnPiece& piece, std::size_t rows);

    Column& column_;
    TextCodes codes_;
};

// The rows of the stretches, and before them the first record if `with_first`; `first_line` is the line on
// which the stretches begin. False where a column cannot be put together. Takes the pieces' memory.
bool fill_rows(Table& table, const FirstRecord& first, bool with_first, std::uint64_t first_line,
               std::vector<Pieces>& stretches);

}  // namespace chainrule
