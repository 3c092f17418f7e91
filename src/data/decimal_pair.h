// Two numbers of at most 15 bytes at once, `-7.25` and `12`, with AVX2.
//
//     if (parse_decimal_pair("-7.25", "12", numbers, points)) ...     // of texts between paddings
#pragma once

#if defined(__x86_64__)

#include <immintrin.h>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "data/plain_decimal.h"

namespace chainrule {

namespace decimal_pair_detail {

using Bytes16 = std::array<unsigned char, 16>;

// The last n of 16 bytes, by n.
constexpr auto last_bytes = [] {
    std::array<Bytes16, 16> masks{};
    for (std::size_t n = 0; n < 16; ++n) {
        for (std::size_t i = 16 - n; i < 16; ++i) {
            masks[n][i] = 0xFF;
        }
    }
    return masks;
}();

// By the place of the point, 16 where there is none: where each byte comes from once it is taken
// out (0x80: a zero), and the power of ten of the digits behind it.
constexpr auto shuffles = [] {
    std::array<Bytes16, 17> all{};
    for (std::size_t point = 0; point <= 16; ++point) {
        for (std::size_t i = 0; i < 16; ++i) {
            const bool moves = point < 16 && i <= point;
            all[point][i] = static_cast<unsigned char>(!moves ? i : i == 0 ? 0x80 : i - 1);
        }
    }
    return all;
}();
constexpr auto powers = [] {
    std::array<double, 17> all{};
    all[15] = all[16] = 1;
    for (std::size_t point = 15; point > 0; --point) {
        all[point - 1] = all[point] * 10;
    }
    return all;
}();

[[gnu::target("avx2"), gnu::always_inline]] inline __m256i load_both(const void* first,
                                                                     const void* second) {
    return _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_loadu_si128(static_cast<const __m128i*>(first))),
        _mm_loadu_si128(static_cast<const __m128i*>(second)), 1);
}

}  // namespace decimal_pair_detail

// Each as parse_plain_decimal (data/plain_decimal.h) takes it. False where one is another kind of
// number, or none. Bits are set in `points` where one has a point.
[[gnu::target("avx2"), gnu::always_inline]] inline bool parse_decimal_pair(
    std::string_view first_text, std::string_view second_text, __m128d& numbers, unsigned& points) {
    using namespace decimal_pair_detail;
    const char* const first_end = first_text.data() + first_text.size();
    const char* const second_end = second_text.data() + second_text.size();
    const auto first = decimal_detail::take_sign(first_text.data(), first_end);
    const auto second = decimal_detail::take_sign(second_text.data(), second_end);
    if (first.size - 1 >= 15 || second.size - 1 >= 15) {
        return false;
    }
    const __m256i bytes = load_both(first_end - 16, second_end - 16);
    const __m256i kept = load_both(last_bytes[first.size].data(), last_bytes[second.size].data());
    __m256i digits = _mm256_and_si256(_mm256_sub_epi8(bytes, _mm256_set1_epi8('0')), kept);
    const auto others = static_cast<unsigned>(
        _mm256_movemask_epi8(_mm256_adds_epu8(digits, _mm256_set1_epi8(0x76))));
    const auto dots = static_cast<unsigned>(
        _mm256_movemask_epi8(_mm256_cmpeq_epi8(digits, _mm256_set1_epi8('.' - '0'))));
    const unsigned low = others & 0xFFFFU;
    const unsigned high = others >> 16;
    // One point each at most, and digits behind it.
    if (((others ^ dots) | (low & (low - 1)) | (high & (high - 1)) | (others & 0x8000'8000U)) !=
        0) {
        return false;
    }
    points |= others;
    const int first_point = std::countr_zero(low | 0x1'0000U);
    const int second_point = std::countr_zero(high | 0x1'0000U);
    digits = _mm256_shuffle_epi8(
        digits, load_both(shuffles[first_point].data(), shuffles[second_point].data()));
    // Two digits in each word, four in each double word, eight in each of the first two double
    // words.
    const __m256i twos = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x01'0A));
    const __m256i fours = _mm256_madd_epi16(twos, _mm256_set1_epi32(0x0001'0064));
    const __m256i words = _mm256_packus_epi32(fours, fours);
    const __m256i eights = _mm256_madd_epi16(words, _mm256_set1_epi32(0x0001'2710));
    const __m256i whole = _mm256_add_epi64(
        _mm256_mul_epu32(eights, _mm256_set1_epi64x(100'000'000)), _mm256_srli_epi64(eights, 32));
    // Below 2^52, which the bits of a double of that size are added to.
    const __m128i both =
        _mm_unpacklo_epi64(_mm256_castsi256_si128(whole), _mm256_extracti128_si256(whole, 1));
    const __m128i size = _mm_set1_epi64x(0x4330'0000'0000'0000);
    const __m128d exact =
        _mm_sub_pd(_mm_castsi128_pd(_mm_or_si128(both, size)), _mm_castsi128_pd(size));
    const __m128d scaled = _mm_div_pd(exact, _mm_set_pd(powers[second_point], powers[first_point]));
    const __m128i negative = _mm_set_epi64x(second.is_negative, first.is_negative);
    numbers = _mm_or_pd(scaled, _mm_castsi128_pd(_mm_slli_epi64(negative, 63)));
    return true;
}

}  // namespace chainrule

#endif
