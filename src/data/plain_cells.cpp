#include "data/plain_cells.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "data/byte_masks.h"
#include "data/csv.h"
#include "data/csv_text.h"
#include "data/processor.h"

namespace chainrule {
namespace {

constexpr std::size_t block_size = 64;
constexpr std::uint64_t last_bit = std::uint64_t{1} << 63;

// Bit i is the parity of the bits 0 to i: set from an opening quote to just before the closing one.
std::uint64_t parity_so_far(std::uint64_t bits) {
    for (int shift = 1; shift < 64; shift *= 2) {
        bits ^= bits << shift;
    }
    return bits;
}

// Writes the places of the bits, counted from `begin` on, and up to eight more, for the sake of
// which the loop goes by eights: how often it runs is then mostly the same.
[[gnu::always_inline]] inline void write_places(std::uint64_t bits, int count, std::size_t begin,
                                                std::uint32_t* out) {
    const auto first = static_cast<std::uint32_t>(begin);
    for (int written = 0; written < count; written += 8) {
        for (int i = 0; i < 8; ++i) {
            *out++ = first + static_cast<std::uint32_t>(std::countr_zero(bits));
            bits &= bits - 1;
        }
    }
}

}  // namespace

struct PlainCells::Block {
    std::uint64_t newlines = 0;
    std::uint64_t ends = 0;  // of cells
    bool is_plain = true;
};

// Of 64 bytes, of which those in `there` are the text's.
[[gnu::always_inline]] inline PlainCells::Block PlainCells::scan(std::size_t begin,
                                                                 std::uint64_t there,
                                                                 bool newline_follows) {
    const Bytes64 bytes(text_ + begin);
    Block block;
    block.newlines = bytes.equal_to('\n') & there;
    std::uint64_t quoted = in_quotes_;
    if (bytes.is_any_of_or_not_ascii('"', '\r', '\0')) {
        const std::uint64_t quotes = bytes.equal_to('"') & there;
        quotes_ += static_cast<std::size_t>(std::popcount(quotes));
        quoted ^= parity_so_far(quotes);
        in_quotes_ = (quoted & last_bit) != 0 ? ~std::uint64_t{0} : 0;
        const std::uint64_t before_newline = block.newlines >> 1 | (newline_follows ? last_bit : 0);
        const std::uint64_t returns = bytes.equal_to('\r') & there;
        const std::uint64_t nuls = bytes.equal_to('\0') & there;
        block.is_plain = ((returns & ~before_newline) | nuls) == 0;
        has_returns_ = has_returns_ || returns != 0;
        is_ascii_ = is_ascii_ && (bytes.not_ascii() & there) == 0;
    }
    block.is_plain = block.is_plain && (block.newlines & quoted) == 0;
    block.ends = block.newlines | (bytes.equal_to(delimiter_) & there & ~quoted);
    return block;
}

// False where a byte is none of plain text.
[[gnu::always_inline]] inline bool PlainCells::find_ends(std::size_t size) {
    // Every byte may end a cell, and as many are written again too many.
    const std::size_t most = size + 1 + 2 * block_size;
    if (room_ < most) {
        ends_ = std::make_unique_for_overwrite<std::uint32_t[]>(most);
        room_ = most;
    }
    std::uint32_t* out = ends_.get();
    *out++ = ~std::uint32_t{0};
    for (std::size_t begin = 0; begin < size; begin += block_size) {
        const std::size_t left = size - begin;
        const std::uint64_t there =
            left >= block_size ? ~std::uint64_t{0} : (std::uint64_t{1} << left) - 1;
        const Block block =
            scan(begin, there, left > block_size && text_[begin + block_size] == '\n');
        if (!block.is_plain) {
            return false;
        }
        const int count = std::popcount(block.ends);
        write_places(block.ends, count, begin, out);
        out += count;
        lines_ += static_cast<std::size_t>(std::popcount(block.newlines));
    }
    found_ = static_cast<std::size_t>(out - ends_.get()) - 1;
    return true;
}

#if defined(__x86_64__)
[[gnu::target("avx2,bmi,bmi2,lzcnt,popcnt")]]
#endif
bool PlainCells::find_ends_with_avx2(std::size_t size) {
    return find_ends(size);
}

bool PlainCells::find(char* text, std::size_t size, char delimiter, std::size_t columns) {
    text_ = text;
    delimiter_ = delimiter;
    columns_ = columns;
    rows_ = lines_ = quotes_ = 0;
    in_quotes_ = 0;
    has_returns_ = false;
    is_ascii_ = true;
    runs_.clear();
    if (!(has_avx2() ? find_ends_with_avx2(size) : find_ends(size))) {
        return false;
    }
    column_with_returns_ = has_returns_ ? columns - 1 : columns;
    if (columns > 1 && has_whole_rows()) {
        rows_ = lines_;
        runs_.push_back({});
    } else if (!take_blank_lines_out()) {
        return false;
    }
    return (size <= CsvReader::longest_record || are_short_enough()) &&
           (is_ascii_ || find_invalid_utf8({text, size}) == size);
}

// Whether each line has as many cells as there are columns.
bool PlainCells::has_whole_rows() const {
    if (found_ != lines_ * columns_) {
        return false;
    }
    // There are no more newlines than these.
    bool are_newlines = true;
    for (std::size_t last = columns_; last <= found_; last += columns_) {
        are_newlines = are_newlines & (text_[ends_[last]] == '\n');
    }
    return are_newlines;
}

// False where a line is neither blank nor has as many cells as there are columns.
bool PlainCells::take_blank_lines_out() {
    std::uint32_t* const ends = ends_.get() + 1;
    const std::size_t found = std::exchange(found_, 0);
    std::size_t line = 0;
    std::size_t line_begin = 0;
    for (std::size_t i = 0; i < found; ++i) {
        const std::uint32_t end = ends[i];
        const std::size_t cells_before = found_ - rows_ * columns_;
        if (text_[end] != '\n') {
            ends[found_++] = end;
            continue;
        }
        const bool has_return = end > line_begin && text_[end - 1] == '\r';
        const std::string_view text(text_ + line_begin, end - line_begin - (has_return ? 1 : 0));
        if (cells_before == 0 && trim_blanks(text, delimiter_).empty()) {
            std::fill(text_ + line_begin, text_ + end + 1, ' ');
        } else if (cells_before + 1 != columns_) {
            return false;
        } else {
            ends[found_++] = end;
            if (runs_.empty() || line - runs_.back().line != rows_ - runs_.back().row) {
                runs_.push_back({rows_, line});
            }
            ++rows_;
        }
        ++line;
        line_begin = end + 1;
    }
    return true;
}

bool PlainCells::are_short_enough() const {
    std::size_t begin = 0;
    for (std::size_t last = columns_; last <= found_; last += columns_) {
        if (ends_[last] - begin > CsvReader::longest_record) {
            return false;
        }
        begin = ends_[last] + 1;
    }
    return true;
}

std::string_view PlainCells::bare_cell(std::string_view cell, std::size_t& quotes) const {
    cell = trim_blanks(cell, delimiter_);
    if (cell.size() < 2 || cell.front() != '"' || cell.back() != '"') {
        return cell;
    }
    quotes += 2;
    return trim_blanks(cell.substr(1, cell.size() - 2), delimiter_);
}

std::size_t PlainCells::line(std::size_t row) const {
    const auto after = std::ranges::upper_bound(runs_, row, {}, &Run::row);
    const Run& run = *std::prev(after);
    return run.line + row - run.row;
}

}  // namespace chainrule
