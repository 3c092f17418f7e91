// The sixteen bytes before a place in a text as decimal digits: with SSE2, which every x86-64 has,
// and without.
//
//     LastDigits digits("...,-12.5," + 9, 4);  // the last 4 of the bytes before the second comma
//     digits.others() == 1 << 14;              // the point
//     digits.close_gap(14, 0);                 // 125 is left
//     digits.number() == 125
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace chainrule {

namespace last_digits_detail {

// From 16 - n on: as many zeros, then n times 0xFF.
constexpr std::array<unsigned char, 48> zeros_and_ones = [] {
    std::array<unsigned char, 48> bytes{};
    for (std::size_t i = 16; i < 32; ++i) {
        bytes[i] = 0xFF;
    }
    return bytes;
}();

}  // namespace last_digits_detail

#if defined(__SSE2__)

class LastDigits {
public:
    // The last `count` of the bytes before `end`, up to 16, with zeros before them.
    LastDigits(const char* end, std::size_t count)
        : digits_(_mm_and_si128(_mm_sub_epi8(load(end - 16), _mm_set1_epi8('0')),
                                ones_behind(16 - count))) {}

    // A bit for each byte that is no digit.
    unsigned others() const {
        return static_cast<unsigned>(
            _mm_movemask_epi8(_mm_adds_epu8(digits_, _mm_set1_epi8(0x76))));
    }
    // Takes the byte at `gap` out; those before it move up, behind the digit `first`.
    void close_gap(unsigned gap, std::uint64_t first) {
        const __m128i behind = ones_behind(gap + 1);
        const __m128i moved = _mm_or_si128(_mm_slli_si128(digits_, 1),
                                           _mm_cvtsi64_si128(static_cast<long long>(first)));
        digits_ = _mm_or_si128(_mm_and_si128(behind, digits_), _mm_andnot_si128(behind, moved));
    }
    std::uint64_t number() const {
        // Two digits in each word, four in each double word, eight.
        const __m128i tens =
            _mm_mullo_epi16(_mm_and_si128(digits_, _mm_set1_epi16(0xFF)), _mm_set1_epi16(10));
        const __m128i twos = _mm_add_epi16(tens, _mm_srli_epi16(digits_, 8));
        const __m128i fours = _mm_madd_epi16(twos, _mm_set1_epi32(0x0001'0064));
        const __m128i words = _mm_packs_epi32(fours, fours);
        const __m128i eights = _mm_madd_epi16(words, _mm_set1_epi32(0x0001'2710));
        const auto both = static_cast<std::uint64_t>(_mm_cvtsi128_si64(eights));
        return (both & 0xFFFFFFFFU) * 100'000'000 + (both >> 32);
    }

private:
    static __m128i load(const void* bytes) {
        return _mm_loadu_si128(static_cast<const __m128i*>(bytes));
    }
    // 0xFF from byte `first` on.
    static __m128i ones_behind(std::size_t first) {
        return load(last_digits_detail::zeros_and_ones.data() + 16 - first);
    }

    __m128i digits_;
};

#else

class LastDigits {
public:
    LastDigits(const char* end, std::size_t count) {
        for (std::size_t i = 16 - count; i < 16; ++i) {
            digits_[i] = static_cast<unsigned char>(end[static_cast<std::ptrdiff_t>(i) - 16] - '0');
        }
    }

    unsigned others() const {
        unsigned bits = 0;
        for (std::size_t i = 0; i < 16; ++i) {
            bits |= static_cast<unsigned>(digits_[i] > 9) << i;
        }
        return bits;
    }
    void close_gap(unsigned gap, std::uint64_t first) {
        std::memmove(digits_.data() + 1, digits_.data(), gap);
        digits_[0] = static_cast<unsigned char>(first);
    }
    std::uint64_t number() const {
        std::uint64_t number = 0;
        for (const unsigned char digit : digits_) {
            number = number * 10 + digit;
        }
        return number;
    }

private:
    std::array<unsigned char, 16> digits_{};
};

#endif

}  // namespace chainrule
