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

}  // namespace

struct PlainCells::Block {
    std::uint64_t newlines = 0;
    std::uint64_t cell_ends = 0;  // newlines too
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
    block.cell_ends = (bytes.equal_to(delimiter_) & there & ~quoted) | block.newlines;
    return block;
}

bool PlainCells::find(const char* text, std::size_t size, char delimiter, std::size_t columns) {
    text_ = text;
    delimiter_ = delimiter;
    columns_ = columns;
    lines_ = line_begin_ = quotes_ = cells_ = 0;
    in_quotes_ = 0;
    row_begins_.clear();
    row_lines_.clear();
    ends_.resize(std::max(ends_.size(), size + 1));
    bool is_ascii = true;
    for (std::size_t begin = 0; begin < size; begin += block_size) {
        const Block block = scan(begin, size);
        if (!block.is_plain) {
            return false;
        }
        is_ascii = is_ascii && block.is_ascii;
        for (std::uint64_t ends = block.cell_ends; ends != 0; ends &= ends - 1) {
            const auto bit = static_cast<std::size_t>(std::countr_zero(ends));
            if (((block.newlines >> bit) & 1U) == 0) {
                ends_[cells_++] = static_cast<std::uint32_t>(begin + bit);
            } else if (!end_line(begin + bit)) {
                return false;
            }
        }
    }
    return is_ascii || find_invalid_utf8({text, size}) == size;
}

// False where the line is a record with more or fewer cells than it should have.
bool PlainCells::end_line(std::size_t at) {
    const std::size_t begin = line_begin_;
    const std::size_t end = at > begin && text_[at - 1] == '\r' ? at - 1 : at;
    const std::size_t before = cells_ - row_begins_.size() * columns_;
    ++lines_;
    line_begin_ = at + 1;
    if (before == 0 && trim_blanks({text_ + begin, end - begin}, delimiter_).empty()) {
        return true;
    }
    ends_[cells_++] = static_cast<std::uint32_t>(end);
    row_begins_.push_back(static_cast<std::uint32_t>(begin));
    row_lines_.push_back(static_cast<std::uint32_t>(lines_ - 1));
    return before + 1 == columns_ && end - begin <= CsvReader::longest_record;
}

}  // namespace chainrule
