// Which of 64 bytes are the ones sought, as the bits of a word: with SSE2, which every x86-64 has,
// and without.
//
//     Bytes64(bytes).equal_to(',')      // bit i is set where bytes[i] is a comma
#pragma once

#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace chainrule {

#if defined(__SSE2__)

class Bytes64 {
public:
    explicit Bytes64(const char* bytes)
        : parts_{load(bytes), load(bytes + 16), load(bytes + 32), load(bytes + 48)} {}

    std::uint64_t equal_to(char sought) const {
        const __m128i all = _mm_set1_epi8(sought);
        return gather([all](__m128i part) { return _mm_cmpeq_epi8(part, all); });
    }
    // Those of 0x80 and above.
    std::uint64_t not_ascii() const {
        return gather([](__m128i part) { return part; });
    }
    // Whether there is one of these, or one of 0x80 and above.
    bool is_any_of_or_not_ascii(char a, char b, char c) const {
        const auto sought = [a, b, c](__m128i part) {
            return _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(part, _mm_set1_epi8(a)), part),
                                _mm_or_si128(_mm_cmpeq_epi8(part, _mm_set1_epi8(b)),
                                             _mm_cmpeq_epi8(part, _mm_set1_epi8(c))));
        };
        const __m128i found = _mm_or_si128(_mm_or_si128(sought(parts_[0]), sought(parts_[1])),
                                           _mm_or_si128(sought(parts_[2]), sought(parts_[3])));
        return _mm_movemask_epi8(found) != 0;
    }

private:
    static __m128i load(const char* bytes) {
        return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
    }
    // The high bits of what `test` makes of the parts; written out, because a loop of four stays
    // one.
    template <typename Test>
    std::uint64_t gather(Test test) const {
        const auto bits = [](__m128i part) {
            return static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(part)));
        };
        return bits(test(parts_[0])) | bits(test(parts_[1])) << 16 | bits(test(parts_[2])) << 32 |
               bits(test(parts_[3])) << 48;
    }

    __m128i parts_[4];
};

#else

class Bytes64 {
public:
    explicit Bytes64(const char* bytes) : bytes_(bytes) {}

    std::uint64_t equal_to(char sought) const {
        return gather([&](char c) { return c == sought; });
    }
    // Those of 0x80 and above.
    std::uint64_t not_ascii() const {
        return gather([](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    }
    // Whether there is one of these, or one of 0x80 and above.
    bool is_any_of_or_not_ascii(char a, char b, char c) const {
        return (equal_to(a) | equal_to(b) | equal_to(c) | not_ascii()) != 0;
    }

private:
    template <typename Test>
    std::uint64_t gather(Test test) const {
        std::uint64_t mask = 0;
        for (int i = 0; i < 64; ++i) {
            mask |= static_cast<std::uint64_t>(test(bytes_[i])) << i;
        }
        return mask;
    }

    const char* bytes_;
};

#endif

}  // namespace chainrule
