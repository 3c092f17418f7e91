// Eight decimal digits at once in a 64-bit word, whose lowest byte is the first of the text. The arithmetic is
// Lemire's, "Number parsing at a gigabyte per second", 2021, section 5.
//
//     const std::uint64_t word = load_digits("1234,...");
//     leading_digits(word) == 4;  number_of_digits(word, 4) == 1234
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "data/words.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace chainrule {

inline std::uint64_t load_digits(const char* text) {
    return load_word<std::uint64_t>(text, ByteOrder::little);
}

// The high bit of the first byte that is no digit, and perhaps of some after it.
inline std::uint64_t other_than_digits(std::uint64_t bytes) {
    // Above 9 the sum, below 0 the difference has the high bit; borrows only reach later bytes.
    return ((bytes + 0x4646464646464646U) | (bytes - 0x3030303030303030U) | bytes) &
           0x8080808080808080U;
}

// How many of the eight bytes are digits, from the first on.
inline int leading_digits(std::uint64_t bytes) {
    return std::countr_zero(other_than_digits(bytes)) / 8;
}

// The first `count` of the eight bytes, moved to their end, with zeros before them: by halves, because a shift
// by all 64 bits, for a count of 0, is none.
inline std::uint64_t last_bytes(std::uint64_t bytes, int count) {
    const int half = 32 - 4 * count;
    return (bytes << half) << half;
}

// Of the first `count` bytes, from 0 to 8, which are digits.
inline std::uint64_t number_of_digits(std::uint64_t bytes, int count) {
    std::uint64_t digits = last_bytes(bytes - 0x3030303030303030U, count);
    digits = digits * 10 + (digits >> 8);
    return (((digits & 0x000000FF000000FFU) * 0x000F424000000064U +
             ((digits >> 16) & 0x000000FF000000FFU) * 0x0000271000000001U) >>
            32) &
           0xFFFFFFFFU;
}

// The sixteen digits at `text`; false where one is none.
inline bool sixteen_digits(const char* text, std::uint64_t& number) {
    constexpr std::uint64_t hundred_millions = 100'000'000;
#if defined(__SSE2__)
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
    const __m128i digits = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
    const __m128i above_nine = _mm_subs_epu8(digits, _mm_set1_epi8(9));
    // Two digits in each word, four in each double word, eight.
    const __m128i tens =
        _mm_mullo_epi16(_mm_and_si128(digits, _mm_set1_epi16(0xFF)), _mm_set1_epi16(10));
    const __m128i twos = _mm_add_epi16(tens, _mm_srli_epi16(digits, 8));
    const __m128i fours = _mm_madd_epi16(twos, _mm_set1_epi32(0x0001'0064));
    const __m128i words = _mm_packs_epi32(fours, fours);
    const __m128i eights = _mm_madd_epi16(words, _mm_set1_epi32(0x0001'2710));
    const auto both = static_cast<std::uint64_t>(_mm_cvtsi128_si64(eights));
    number = (both & 0xFFFFFFFFU) * hundred_millions + (both >> 32);
    return _mm_movemask_epi8(_mm_cmpeq_epi8(above_nine, _mm_setzero_si128())) == 0xFFFF;
#else
    const std::uint64_t first = load_digits(text);
    const std::uint64_t last = load_digits(text + 8);
    number = number_of_digits(first, 8) * hundred_millions + number_of_digits(last, 8);
    return (other_than_digits(first) | other_than_digits(last)) == 0;
#endif
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
