// Where the cells of a stretch of CSV lie, found 64 bytes at a time, if the text is plain.
//
// Plain is what needs no care: valid UTF-8 without NUL bytes, line ends LF or CR LF, records of one
// line and of as many cells as expected. Whatever is not plain is left to CsvReader (data/csv.h), which
// reads it or refuses it with its place; for plain text both find the same cells.
//
//     PlainCells cells;
//     cells.find("1,2\n3,4\n" and padding, 8, ',', 2)      // true
//     cells.cell(1, 0, quotes) == "3"
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "data/csv_text.h"

namespace chainrule {

class PlainCells {
public:
    // This many bytes after the text must be there to be read; what they are does not matter.
    static constexpr std::size_t padding = 128;

    // Whole records, the last with its line end; less than 4 GiB, and to live as long as the cells are
    // used. False where it is not plain.
    bool find(const char* text, std::size_t size, char delimiter, std::size_t columns);

    std::size_t rows() const { return row_begins_.size(); }
    std::size_t lines() const { return lines_; }
    // The line of each row, from 0: blank lines are no rows.
    std::size_t line(std::size_t row) const { return row_lines_[row]; }
    // Without the blanks around it, and without the quotes around it, which are added to `quotes`.
    // Eight bytes after it may be read, and the first is the end of the cell or a blank.
    std::string_view cell(std::size_t row, std::size_t column, std::size_t& quotes) const {
        const std::size_t at = row * columns_ + column;
        const std::size_t begin = column == 0 ? row_begins_[row] : ends_[at - 1] + 1;
        const std::string_view cell = trim_blanks({text_ + begin, ends_[at] - begin}, delimiter_);
        if (cell.size() < 2 || cell.front() != '"' || cell.back() != '"') {
            return cell;
        }
        quotes += 2;
        return trim_blanks(cell.substr(1, cell.size() - 2), delimiter_);
    }
    // How many quotes the text has. If the cells have fewer around them, there are others, and the
    // text is not plain after all.
    std::size_t quotes() const { return quotes_; }

private:
    struct Block;

    Block scan(std::size_t begin, std::size_t size);
    bool end_line(std::size_t at);

    const char* text_ = nullptr;
    char delimiter_ = ',';
    std::size_t columns_ = 0;
    std::size_t lines_ = 0;
    std::size_t line_begin_ = 0;
    std::size_t quotes_ = 0;
    std::uint64_t in_quotes_ = 0;  // all bits are set between an opening and a closing quote
    std::size_t cells_ = 0;
    std::vector<std::uint32_t>
        ends_;  // of the cells; longer than that, to be filled without a check
    std::vector<std::uint32_t> row_begins_;
    std::vector<std::uint32_t> row_lines_;
};

}  // namespace chainrule
