// The pieces of a plain file (data/plain_pieces.h) put together, one stretch after the other: into
// a survey of the whole file, and into the columns of a table.
//
//     SurveyOfPieces sum(first);
//     TableFiller filler(table, first, first.row + 1);
//     plain.read(PlainReader::all, [&](Pieces& pieces) { sum.add(pieces); filler.add(pieces); });
//     filler.finish();
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

    void add(const Pieces& pieces);
    // A guess from the stretches so far.
    Survey so_far(std::optional<bool> has_header) const;
    // As finish_survey (data/survey.h).
    Survey finish(const std::string& source, std::optional<bool> has_header);

private:
    Survey survey_;
    std::uint64_t first_row_ = 0;
    std::uint64_t row_ = 0;  // of the next stretch's first line
};

// The cells of one column, one stretch after the other. A column of which all cells so far are
// missing becomes one of text with the first text.
class ColumnFiller {
public:
    explicit ColumnFiller(Column& column) : column_(column) {}

    void add_first(const std::string& cell);
    // False where the column is text and the piece holds numbers, whose texts are no longer there,
    // or the other way round.
    bool add(const ColumnPiece& piece, std::size_t rows);
    void finish();

private:
    bool add_texts(const ColumnPiece& piece, std::size_t rows);

    Column& column_;
    TextCodes codes_;
};

// The rows of a table without rows (data/table_outline.h), whose first stretch begins on `line`.
class TableFiller {
public:
    TableFiller(Table& table, const FirstRecord& first, std::uint64_t line);

    // The first record is a row.
    void add_first();
    // How many bytes the cells would take with these.
    std::size_t bytes_with(const Pieces& pieces) const;
    // False where a column cannot be put together.
    bool add(const Pieces& pieces);
    // After the last.
    void finish();

private:
    Table& table_;
    const FirstRecord& first_;
    std::uint64_t line_;
    std::vector<ColumnFiller> columns_;
};

}  // namespace chainrule
