#include "data/plain_cells.h"

#include <algorithm>
#include <bit>

#include "data/byte_masks.h"
#include "data/csv.h"
#include "data/csv_text.h"

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

// Appends the places of the bits, counted from `begin` on.
std::uint32_t* append_places(std::uint64_t bits, std::size_t begin, std::uint32_t* out) {
    for (; bits != 0; bits &= bits - 1) {
        *out++ =
            static_cast<std::uint32_t>(begin) + static_cast<std::uint32_t>(std::countr_zero(bits));
    }
    return out;
}

}  // namespace

struct PlainCells::Block {
    std::uint64_t newlines = 0;
    std::uint64_t delimiters = 0;
    bool is_plain = true;
    bool is_ascii = true;
};

PlainCells::Block PlainCells::scan(std::size_t begin, std::size_t size) {
    const char* const text = text_ + begin;
    const Bytes64 bytes(text);
    const std::uint64_t there =
        size - begin >= block_size ? ~std::uint64_t{0} : (std::uint64_t{1} << (size - begin)) - 1;
    Block block;
    block.newlines = bytes.equal_to('\n') & there;
    std::uint64_t quoted = in_quotes_;
    if (bytes.is_any_of_or_not_ascii('"', '\r', '\0')) {
        const std::uint64_t quotes = bytes.equal_to('"') & there;
        quotes_ += static_cast<std::size_t>(std::popcount(quotes));
        quoted ^= parity_so_far(quotes);
        in_quotes_ = (quoted & last_bit) != 0 ? ~std::uint64_t{0} : 0;
        const bool newline_follows = text[block_size] == '\n' && begin + block_size < size;
        const std::uint64_t before_newline = block.newlines >> 1 | (newline_follows ? last_bit : 0);
        const std::uint64_t stray_returns = bytes.equal_to('\r') & there & ~before_newline;
        const std::uint64_t nuls = bytes.equal_to('\0') & there;
        block.is_plain = (stray_returns | nuls) == 0;
        block.is_ascii = (bytes.not_ascii() & there) == 0;
    }
    block.is_plain = block.is_plain && (block.newlines & quoted) == 0;
    block.delimiters = bytes.equal_to(delimiter_) & there & ~quoted & ~block.newlines;
    return block;
}

void PlainCells::make_room(std::size_t size) {
    // Every byte may end a cell and a row, which takes two places; and there is one row begun.
    const std::size_t most = 2 * size + 2;
    if (room_ < most) {
        ends_ = std::make_unique_for_overwrite<std::uint32_t[]>(most);
        room_ = most;
    }
}

bool PlainCells::find(const char* text, std::size_t size, char delimiter, std::size_t columns) {
    text_ = text;
    delimiter_ = delimiter;
    columns_ = columns;
    rows_ = lines_ = quotes_ = found_ = 0;
    in_quotes_ = 0;
    runs_.clear();
    make_room(size);
    begin_row(0);
    bool is_ascii = true;
    for (std::size_t begin = 0; begin < size; begin += block_size) {
        Block block = scan(begin, size);
        if (!block.is_plain) {
            return false;
        }
        is_ascii = is_ascii && block.is_ascii;
        for (; block.newlines != 0; block.newlines &= block.newlines - 1) {
            const std::uint64_t before = (block.newlines & -block.newlines) - 1;
            found_ = static_cast<std::size_t>(
                append_places(block.delimiters & before, begin, ends_.get() + found_) -
                ends_.get());
            block.delimiters &= ~before;
            const auto bit = static_cast<std::size_t>(std::countr_zero(block.newlines));
            if (!end_line(begin + bit)) {
                return false;
            }
        }
        found_ = static_cast<std::size_t>(
            append_places(block.delimiters, begin, ends_.get() + found_) - ends_.get());
    }
    return is_ascii || find_invalid_utf8({text, size}) == size;
}

// False where the line is a record with more or fewer cells than it should have.
bool PlainCells::end_line(std::size_t at) {
    const std::size_t begin = line_begin_;
    const std::size_t end = at > begin && text_[at - 1] == '\r' ? at - 1 : at;
    const std::size_t before = found_ - rows_ * (columns_ + 1) - 1;
    ++lines_;
    if (before == 0 && trim_blanks({text_ + begin, end - begin}, delimiter_).empty()) {
        --found_;
        begin_row(at + 1);
        return true;
    }
    ends_[found_++] = static_cast<std::uint32_t>(end);
    if (runs_.empty() || lines_ - 1 - runs_.back().line != rows_ - runs_.back().row) {
        runs_.push_back({rows_, lines_ - 1});
    }
    ++rows_;
    begin_row(at + 1);
    return before + 1 == columns_ && end - begin <= CsvReader::longest_record;
}

std::size_t PlainCells::line(std::size_t row) const {
    const auto after = std::ranges::upper_bound(runs_, row, {}, &Run::row);
    const Run& run = *std::prev(after);
    return run.line + row - run.row;
}

}  // namespace chainrule
