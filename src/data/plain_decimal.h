// The numbers of which data files are full, `12`, `-7.25`, `0.12573022073120426`, as fast as it goes: no loop
// over digits, and few branches that depend on how many there are.
//
//     double number = 0;
//     parse_plain_decimal(text, end, number)      // "-12.5," and padding: true
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "data/digit_words.h"
#include "data/scale_decimal.h"

namespace chainrule {

namespace decimal_detail {

// Exact: 5^22 < 2^53.
constexpr std::array<double, 23> doubles_of_ten = [] {
    std::array<double, 23> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i) {
        powers[i] = powers[i - 1] * 10;
    }
    return powers;
}();

// Appends 9 to 15 digits; false where one is none.
inline bool append_nine_or_more(const char* at, int size, std::uint64_t& number) {
    const std::uint64_t first = load_digits(at);
    const std::uint64_t last = load_digits(at + 8);
    number = (number * whole_powers_of_ten[8] + number_of_digits(first, 8)) *
                 whole_powers_of_ten[static_cast<std::size_t>(size - 8)] +
             number_of_digits(last, size - 8);
    return (other_than_digits(first) | last_bytes(other_than_digits(last), size - 8)) == 0;
}

// Appends 16 to 19 digits.
inline bool append_sixteen_or_more(const char* at, int size, std::uint64_t& number) {
    const int more = size - 16;
    const std::uint64_t first = load_digits(at);
    std::uint64_t last = 0;
    const bool are_digits = sixteen_digits(at + more, last);
    number = (number * whole_powers_of_ten[static_cast<std::size_t>(more)] +
              number_of_digits(first, more)) *
                 whole_powers_of_ten[16] +
             last;
    return are_digits && last_bytes(other_than_digits(first), more) == 0;
}

}  // namespace decimal_detail

// Of the text from `at` to `end`, perhaps after a space. False where it is another kind of number, or none: then
// ask parse_cell. 16 bytes after `end` may be read, and the first is no digit.
[[gnu::always_inline]] inline bool parse_plain_decimal(const char* at, const char* end,
                                                       double& number) {
    at += *at == ' ' ? 1 : 0;
    const bool negative = *at == '-';
    at += negative ? 1 : 0;
    const std::uint64_t first = load_digits(at);
    const int count = leading_digits(first);
    std::uint64_t digits = number_of_digits(first, count);
    const char* const point = at + count;
    if (point == end) {
        number = with_sign(static_cast<double>(static_cast<std::int64_t>(digits)), negative);
        return count != 0;
    }
    // Where `at` has gone past the end, the size is negative.
    const std::ptrdiff_t size = end - point - 1;
    if (*point != '.' || size < 1) {
        return false;
    }
    const char* const fraction = point + 1;
    const int length = static_cast<int>(size < 20 ? size : 20);
    if (length <= 8) {
        const std::uint64_t bytes = load_digits(fraction);
        if (last_bytes(other_than_digits(bytes), length) != 0) {
            return false;
        }
        digits = digits * whole_powers_of_ten[static_cast<std::size_t>(length)] +
                 number_of_digits(bytes, length);
        if (count + length <= 15) {
            // Both are exact, so that only the division rounds (Clinger, 1990).
            const double scaled = static_cast<double>(static_cast<std::int64_t>(digits)) /
                                  decimal_detail::doubles_of_ten[static_cast<std::size_t>(length)];
            number = with_sign(scaled, negative);
            return true;
        }
    } else {
        const int significant = digits == 0 ? 0 : count;
        if (significant + length > 19) {
            return false;
        }
        const bool are_digits =
            length < 16 ? decimal_detail::append_nine_or_more(fraction, length, digits)
                        : decimal_detail::append_sixteen_or_more(fraction, length, digits);
        if (!are_digits) {
            return false;
        }
    }
    number = with_sign(scale_decimal(digits, -length), negative);
    return true;
}

}  // namespace chainrule
