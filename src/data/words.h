// Binary numbers of a file as words of this machine, whatever the byte order of either.
//
//     load_word<std::uint32_t>("\0\0\x08\x03", ByteOrder::big) == 0x0803
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

namespace chainrule {

enum class ByteOrder : std::uint8_t { little, big };

// The unsigned `Word` in the first bytes from `bytes` on.
template <typename Word>
Word load_word(const char* bytes, ByteOrder order) {
    std::array<char, sizeof(Word)> raw{};
    std::memcpy(raw.data(), bytes, sizeof raw);
    if ((order == ByteOrder::little) != (std::endian::native == std::endian::little)) {
        std::ranges::reverse(raw);
    }
    return std::bit_cast<Word>(raw);
}

// The unsigned word's bytes, little-endian.
template <typename Word>
void append_word(std::string& bytes, Word word) {
    for (std::size_t i = 0; i < sizeof word; ++i) {
        bytes += static_cast<char>(static_cast<unsigned char>(word >> (8 * i)));
    }
}

}  // namespace chainrule
