// Eight decimal digits at once in a 64-bit word, whose lowest byte is the first of the text. The
// arithmetic is Lemire's, "Number parsing at a gigabyte per second", 2021, section 5.
//
//     const std::uint64_t digits = digits_of(load_digits("...,1234"), 4);
//     other_than_digits(digits) == 0;  number_of_eight_digits(digits) == 1234
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "data/words.h"

namespace chainrule {

inline std::uint64_t load_digits(const char* text) {
    return load_word<std::uint64_t>(text, ByteOrder::little);
}

// The last `count` of the eight bytes, from 1 to 8, as digits, with zeros before them.
inline std::uint64_t digits_of(std::uint64_t bytes, std::size_t count) {
    const std::size_t before = 64 - 8 * count;
    return ((bytes ^ 0x3030303030303030U) >> before) << before;
}

// The high bit of each byte that is no digit.
inline std::uint64_t other_than_digits(std::uint64_t digits) {
    return (((digits & 0x7F7F7F7F7F7F7F7FU) + 0x7676767676767676U) | digits) & 0x8080808080808080U;
}

// The bytes before place `gap` move up by one, over it.
inline std::uint64_t without_digit(std::uint64_t digits, int gap) {
    const std::uint64_t from_gap = ~std::uint64_t{0} << (8 * gap);
    return (digits & (from_gap << 8)) | ((digits & ~from_gap) << 8);
}

inline std::uint64_t number_of_eight_digits(std::uint64_t digits) {
    digits = digits * 10 + (digits >> 8);
    return (((digits & 0x000000FF000000FFU) * 0x000F424000000064U +
             ((digits >> 16) & 0x000000FF000000FFU) * 0x0000271000000001U) >>
            32) &
           0xFFFFFFFFU;
}

// 10^0 to 10^19, all that 64 bits hold.
constexpr std::array<std::uint64_t, 20> whole_powers_of_ten = [] {
    std::array<std::uint64_t, 20> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i) {
        powers[i] = powers[i - 1] * 10;
    }
    return powers;
}();

}  // namespace chainrule
