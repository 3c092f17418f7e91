// Records of a CSV file, one at a time, each checked (RFC 4180, with the liberties below).
//
// Accepted: a byte order mark, LF or CR LF, a last line without an end, blank lines (skipped),
// blanks around cells (trimmed), cells in quotes with `""` for a quote, line ends inside quotes.
// Refused, as UserError naming the file and the row: a record with more or fewer cells than the
// first, a quote that is never closed, a quote inside an unquoted cell, text after a closing quote,
// a NUL byte, invalid UTF-8, a lone CR, a record above 4 MiB, more than 65,536 columns, no record.
//
// A row is the number of the line, from 1, that an editor shows; of a record over several lines,
// the first. Memory: one record and one buffer of 256 KiB.
//
//     CsvReader reader(source);
//     while (reader.next()) use(reader.row(), reader.cells());
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/csv_text.h"
#include "data/data_source.h"

namespace chainrule {

class CsvReader {
public:
    static constexpr std::size_t longest_record = std::size_t{4} << 20;
    static constexpr std::size_t most_columns = 65'536;

    // The delimiter 0 is sniffed from the first line.
    explicit CsvReader(DataSource& source, char delimiter = 0)
        : source_(source), delimiter_(delimiter) {}

    // Goes to the next record that is not blank; false at the end, and where no whole record is
    // there and no more bytes come within the pause, if there is one.
    using Pause = std::optional<std::chrono::milliseconds>;
    bool next(Pause longest = {});
    bool is_at_end() const { return at_end_ && begin_ == buffer_.size(); }

    std::uint64_t row() const { return row_; }
    // Valid until next().
    const std::vector<std::string_view>& cells() const { return cells_; }
    char delimiter() const { return delimiter_; }

private:
    struct Record {
        char* begin = nullptr;
        char* end = nullptr;
        std::size_t lines = 0;    // that it spans
        bool open_quote = false;  // at the end of the file
    };

    bool next_record(Record& record, Pause pause);
    bool fill(Pause pause);
    void check_text(const Record& record) const;
    void split(const Record& record);
    void check_count();
    [[noreturn]] void fail(const std::string& message) const;
    // The last of cells_; of a record that is too long it may be cut.
    void refuse_last_cell(CellFault fault, bool is_cut, std::uint64_t row) const;

    DataSource& source_;
    std::string buffer_;
    std::size_t begin_ = 0;  // of what is not yet read, in buffer_
    bool at_end_ = false;
    bool started_ = false;
    std::uint64_t row_ = 0;
    std::uint64_t next_row_ = 1;
    std::uint64_t first_row_ = 0;
    std::size_t columns_ = 0;
    char delimiter_ = 0;
    std::vector<std::string_view> cells_;
};

// The delimiter that a file's first line speaks for: `;` where it is there and commas are not more
// than decimal commas would be (at most one per cell), otherwise `,`, otherwise a tab, otherwise
// `|`. What is inside quotes does not count.
char sniff_delimiter(std::string_view first_line);

}  // namespace chainrule
