// The numbers of which data files are full, `12`, `-7.25`, `0.12573022073120426`, as fast as it
// goes: no loop over digits, and few branches that depend on how many there are.
//
//     PlainDecimal found;
//     parse_plain_decimal(text, end, found)       // "-12.5" between paddings: true
//     found.number == -12.5, found.decimals == 1
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "data/digit_words.h"
#include "data/last_digits.h"
#include "data/scale_decimal.h"

namespace chainrule {

struct PlainDecimal {
    double number = 0;
    int decimals = 0;  // digits behind a point
};

namespace decimal_detail {

// Exact: 5^22 < 2^53.
constexpr std::array<double, 23> doubles_of_ten = [] {
    std::array<double, 23> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i) {
        powers[i] = powers[i - 1] * 10;
    }
    return powers;
}();

struct Signed {
    std::size_t size = 0;  // without the sign, and a space before it; huge where there is nothing
    bool is_negative = false;
};

[[gnu::always_inline]] inline Signed take_sign(const char* at, const char* end) {
    at += *at == ' ' ? 1 : 0;
    const bool is_negative = *at == '-';
    at += is_negative ? 1 : 0;
    return {static_cast<std::size_t>(end - at), is_negative};
}

constexpr bool is_one_bit(std::uint64_t bits) { return (bits & (bits - 1)) == 0; }

// Of up to 16 bytes before `end`. False where they are no number.
[[gnu::always_inline]] inline bool parse_short_decimal(const char* end, std::size_t size,
                                                       PlainDecimal& found) {
    LastDigits last(end, size);
    const unsigned others = last.others();
    if (others == 0) {
        found.number = static_cast<double>(static_cast<std::int64_t>(last.number()));
        found.decimals = 0;
        return true;
    }
    const int point = std::countr_zero(others);
    if (!is_one_bit(others) || end[point - 16] != '.' || size == 1) {
        return false;
    }
    last.close_gap(static_cast<unsigned>(point), 0);
    found.decimals = 15 - point;
    // Fifteen digits and the power of ten are exact, so that only the division rounds (Clinger,
    // 1990).
    found.number = static_cast<double>(static_cast<std::int64_t>(last.number())) /
                   doubles_of_ten[static_cast<std::size_t>(found.decimals)];
    return true;
}

// Of 17 to 24 bytes, of whose digits at most three, apart from zeros, stand before the last 16.
[[gnu::always_inline]] inline bool parse_long_decimal(const char* end, std::size_t size,
                                                      PlainDecimal& found) {
    LastDigits last(end, 16);
    const unsigned others = last.others();
    std::uint64_t front = digits_of(load_digits(end - 24), size - 16);
    const std::uint64_t front_others = other_than_digits(front);
    found.decimals = 0;
    if (front_others != 0) {
        const int point = std::countr_zero(front_others) / 8;
        if (others != 0 || !is_one_bit(front_others) || end[point - 24] != '.') {
            return false;
        }
        front = without_digit(front, point);
        found.decimals = 23 - point;
    } else if (others != 0) {
        const int point = std::countr_zero(others);
        if (!is_one_bit(others) || end[point - 16] != '.') {
            return false;
        }
        last.close_gap(static_cast<unsigned>(point), front >> 56);
        front <<= 8;
        found.decimals = 15 - point;
    }
    const std::uint64_t before = number_of_eight_digits(front);
    found.number = scale_decimal(before * whole_powers_of_ten[16] + last.number(), -found.decimals);
    return before <= 999;
}

}  // namespace decimal_detail

// Of the text from `at` to `end`, perhaps after a space. False where it is another kind of number,
// or none: then ask parse_cell. 24 bytes before `end` may be read, and `end` itself, which holds
// neither space nor sign.
[[gnu::always_inline]] inline bool parse_plain_decimal(const char* at, const char* end,
                                                       PlainDecimal& found) {
    const auto [size, is_negative] = decimal_detail::take_sign(at, end);
    const bool is_plain = size - 1 < 16   ? decimal_detail::parse_short_decimal(end, size, found)
                          : size - 1 < 24 ? decimal_detail::parse_long_decimal(end, size, found)
                                          : false;
    found.number = with_sign(found.number, is_negative);
    return is_plain;
}

}  // namespace chainrule
