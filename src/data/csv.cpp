#include "data/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "data/cell.h"
#include "data/csv_text.h"
#include "data/wording.h"
#include "lang/diagnostic.h"

namespace chainrule {
namespace {

constexpr std::size_t csv_chunk = std::size_t{256} << 10;

}  // namespace

char sniff_delimiter(std::string_view first_line) {
    std::array<std::size_t, 256> counts{};
    bool quoted = false;
    for (const char c : first_line) {
        quoted = c == '"' ? !quoted : quoted;
        counts[static_cast<unsigned char>(c)] += quoted ? 0 : 1;
    }
    if (counts[';'] > 0 && counts[','] <= counts[';'] + 1) {
        return ';';
    }
    for (const char candidate : {',', '\t', '|'}) {
        if (counts[static_cast<unsigned char>(candidate)] > 0) {
            return candidate;
        }
    }
    return ',';
}

bool CsvReader::next(Pause longest) {
    Record record;
    while (next_record(record, longest)) {
        row_ = next_row_;
        next_row_ += record.lines;
        check_text(record);
        if (trim_blanks(std::string_view(record.begin, record.end), delimiter_).empty()) {
            continue;
        }
        if (delimiter_ == 0) {
            delimiter_ = sniff_delimiter(std::string_view(record.begin, record.end));
        }
        first_row_ = columns_ == 0 ? row_ : first_row_;
        split(record);
        check_count();
        return true;
    }
    if (columns_ == 0 && is_at_end()) {
        throw UserError(fmt::format("{} is empty: expected rows of numbers, separated by commas",
                                    source_.name()));
    }
    return false;
}

// Finds the end of the record at begin_: the first line end before which the quotes are even.
bool CsvReader::next_record(Record& record, Pause pause) {
    record = {};
    std::size_t searched = 0;  // from begin_
    bool in_quotes = false;
    for (;;) {
        const char* const from = buffer_.data() + begin_ + searched;
        const std::size_t left = buffer_.size() - begin_ - searched;
        const auto* const newline =
            left == 0 ? nullptr : static_cast<const char*>(std::memchr(from, '\n', left));
        const std::size_t length =
            newline == nullptr ? left : static_cast<std::size_t>(newline - from);
        in_quotes ^= std::count(from, from + length, '"') % 2 != 0;
        searched += length;
        const bool too_long = searched > longest_record;
        const bool line_ends = newline != nullptr;
        record.lines += line_ends ? 1 : 0;
        if ((line_ends && !in_quotes) || too_long) {
            break;
        }
        searched += line_ends ? 1 : 0;
        if (!line_ends && !fill(pause)) {
            if (searched == 0 || !at_end_) {
                return false;
            }
            record.lines += 1;
            break;
        }
    }
    record.open_quote = in_quotes;
    record.begin = buffer_.data() + begin_;
    record.end = record.begin + searched;
    begin_ = std::min(begin_ + searched + 1, buffer_.size());
    if (record.end > record.begin && record.end[-1] == '\r' && !in_quotes) {
        --record.end;
    }
    return true;
}

// Appends what is there, after moving what is not yet read to the front; false at the end of the
// file, and where nothing comes.
bool CsvReader::fill(Pause pause) {
    if (at_end_ || (pause && !source_.is_ready(*pause))) {
        return false;
    }
    buffer_.erase(0, begin_);
    begin_ = 0;
    const std::size_t kept = buffer_.size();
    buffer_.resize(kept + csv_chunk);
    const std::size_t got =
        source_.read({buffer_.data() + kept, csv_chunk}, DataSource::Fill::what_is_there);
    buffer_.resize(kept + got);
    at_end_ = got == 0;
    if (!started_ && got > 0) {
        started_ = true;
        begin_ = buffer_.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    }
    return !at_end_;
}

void CsvReader::check_text(const Record& record) const {
    const std::string_view text = std::string_view(record.begin, record.end);
    if (const std::size_t at = text.find('\0'); at != std::string_view::npos) {
        fail(fmt::format("holds a NUL byte (byte {} of the row): this is no text file", at + 1));
    }
    // A record that is too long may have been cut inside a character.
    const std::size_t bad = find_invalid_utf8(text);
    if (bad < text.size() && !(text.size() > longest_record && bad + 4 > text.size())) {
        fail(fmt::format(
            "is not valid UTF-8 (byte {} of the row is 0x{:02X}): save the file as UTF-8", bad + 1,
            static_cast<unsigned char>(text[bad])));
    }
    if (text.size() > longest_record && !record.open_quote) {
        fail(fmt::format("is longer than {} bytes", longest_record));
    }
}

void CsvReader::split(const Record& record) {
    cells_.clear();
    std::uint64_t row = row_;  // a quoted cell may span lines
    for (char* at = record.begin;; ++at) {
        if (cells_.size() == most_columns) {
            fail(fmt::format("has more than {} cells", most_columns));
        }
        const TakenCell cell = take_csv_cell(at, record.end, delimiter_);
        cells_.push_back(cell.text);
        if (cell.fault != CellFault::none) {
            const bool is_cut = std::string_view(record.begin, record.end).size() > longest_record;
            refuse_last_cell(cell.fault, is_cut, row);
        }
        row += static_cast<std::uint64_t>(std::ranges::count(cell.text, '\n'));
        at = cell.end;
        if (at == record.end) {
            return;
        }
    }
}

void CsvReader::refuse_last_cell(CellFault fault, bool is_cut, std::uint64_t row) const {
    const auto refuse = [&](const std::string& message) {
        throw UserError(
            fmt::format("{}: row {}, column {}: {}", source_.name(), row, cells_.size(), message));
    };
    switch (fault) {
    case CellFault::open_quote:
        refuse(is_cut ? fmt::format("the quoted cell that begins here goes beyond the {} bytes "
                                    "that a record may have: shorten it, or close its quote where "
                                    "it ends",
                                    longest_record)
                      : "a quote is opened and never closed");
        break;
    case CellFault::text_after_quote:
        refuse("text after the closing quote: double the quotes inside a quoted cell");
        break;
    case CellFault::quote_inside:
        refuse(
            fmt::format("a quote inside the unquoted cell {}: put the whole cell in quotes and "
                        "double the quotes inside",
                        quote_cell(cells_.back())));
        break;
    case CellFault::stray_return:
        refuse("a carriage return that ends no line: save the file with line ends LF or CR LF");
        break;
    case CellFault::none:
        break;
    }
}

void CsvReader::check_count() {
    if (columns_ == 0) {
        columns_ = cells_.size();
    }
    if (cells_.size() != columns_) {
        fail(fmt::format("has {}, but row {} has {}", counted(cells_.size(), "cell"), first_row_,
                         columns_));
    }
}

void CsvReader::fail(const std::string& message) const {
    throw UserError(fmt::format("{}: row {} {}", source_.name(), row_, message));
}

}  // namespace chainrule
