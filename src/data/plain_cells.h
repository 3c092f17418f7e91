// Where the cells of a stretch of CSV lie, found 64 bytes at a time, if the text is plain.
//
// Plain is what needs no care: valid UTF-8 without NUL bytes, line ends LF or CR LF, records of one
// line and of as many cells as expected. Whatever is not plain is left to CsvReader (data/csv.h),
// which reads it or refuses it with its place; for plain text both find the same cells.
//
//     PlainCells cells;
//     cells.find("1,2\n3,4\n" between paddings, 8, ',', 2)      // true
//     cells.cell(1, 0, quotes) == "3"
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "data/csv_text.h"

namespace chainrule {

class PlainCells {
public:
    // This many bytes before and after the text must be there to be read; what they are does not
    // matter.
    static constexpr std::size_t padding = 128;

    // Lines without a blank one between them.
    struct Run {
        std::size_t row = 0;   // the first
        std::size_t line = 0;  // of that row, from 0
    };

    // Whole records, the last with its line end; less than 4 GiB, and to live as long as the cells
    // are used. Blank lines become blanks before the next cell. False where the text is not plain.
    bool find(char* text, std::size_t size, char delimiter, std::size_t columns);

    std::size_t rows() const { return rows_; }
    std::size_t lines() const { return lines_; }
    // Where rows and lines keep step; blank lines are no rows.
    const std::vector<Run>& runs() const { return runs_; }
    std::size_t line(std::size_t row) const;
    // All between the delimiters, blanks and quotes too. Behind it stands a delimiter or a line
    // end.
    std::string_view raw_cell(std::size_t row, std::size_t column) const {
        const std::uint32_t* const end = ends_.get() + row * columns_ + column;
        const std::uint32_t begin = end[0] + 1;
        const bool has_return = column == column_with_returns_ && text_[end[1] - 1] == '\r';
        return {text_ + begin, end[1] - begin - (has_return ? 1 : 0)};
    }
    // Without the blanks around it, and without the quotes around it, which are added to `quotes`.
    std::string_view cell(std::size_t row, std::size_t column, std::size_t& quotes) const {
        std::string_view cell = raw_cell(row, column);
        cell.remove_prefix(!cell.empty() && cell.front() == ' ' ? 1 : 0);
        // Most cells are bare: a blank or a quote is no greater than a quote.
        constexpr auto is_bare = [](char c) { return static_cast<unsigned char>(c) > '"'; };
        if (!cell.empty() && is_bare(cell.front()) && is_bare(cell.back())) {
            return cell;
        }
        return bare_cell(cell, quotes);
    }
    // How many quotes the text has. If the cells have fewer around them, there are others, and the
    // text is not plain after all.
    std::size_t quotes() const { return quotes_; }

private:
    struct Block;

    Block scan(std::size_t begin, std::uint64_t there, bool newline_follows);
    bool find_ends(std::size_t size);
    bool find_ends_with_avx2(std::size_t size);
    std::string_view bare_cell(std::string_view cell, std::size_t& quotes) const;
    bool has_whole_rows() const;
    bool take_blank_lines_out();
    bool are_short_enough() const;

    char* text_ = nullptr;
    char delimiter_ = ',';
    std::size_t columns_ = 0;
    std::size_t column_with_returns_ = 0;  // the last, if line ends are CR LF; otherwise none
    std::size_t rows_ = 0;
    std::size_t lines_ = 0;
    std::size_t quotes_ = 0;
    std::uint64_t in_quotes_ = 0;  // all bits are set between an opening and a closing quote
    bool has_returns_ = false;
    bool is_ascii_ = true;
    // The place before the first cell, and then that behind each.
    std::unique_ptr<std::uint32_t[]> ends_;
    std::size_t room_ = 0;
    std::size_t found_ = 0;
    std::vector<Run> runs_;
};

}  // namespace chainrule
