// Which of 64 bytes are the ones sought, as the bits of a word: with SSE2, which every x86-64 has, and
// without.
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
    explicit Bytes64(const char* bytes) {
        for (int i = 0; i < 4; ++i) {
            parts_[i] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes) + i);
        }
    }

    std::uint64_t equal_to(char sought) const {
        const __m128i all = _mm_set1_epi8(sought);
        return gather([&](int i) { return _mm_cmpeq_epi8(parts_[i], all); });
    }
    // Those of 0x80 and above.
    std::uint64_t not_ascii() const {
        return gather([&](int i) { return parts_[i]; });
    }
    // Whether there is one of these, or one of 0x80 and above.
    bool is_any_of_or_not_ascii(char a, char b, char c) const {
        __m128i found = _mm_setzero_si128();
        for (const __m128i& part : parts_) {
            const __m128i sought =
                _mm_or_si128(_mm_cmpeq_epi8(part, _mm_set1_epi8(a)),
                             _mm_or_si128(_mm_cmpeq_epi8(part, _mm_set1_epi8(b)),
                                          _mm_cmpeq_epi8(part, _mm_set1_epi8(c))));
            found = _mm_or_si128(found, _mm_or_si128(sought, part));
        }
        return _mm_movemask_epi8(found) != 0;
    }

private:
    template <typename Part>
    static std::uint64_t gather(Part part) {
        std::uint64_t mask = 0;
        for (int i = 0; i < 4; ++i) {
            mask |=
                static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(part(i))))
                << (16 * i);
        }
        return mask;
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
