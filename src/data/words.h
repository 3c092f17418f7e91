// Binary numbers of a file as words of this machine, whatever the byte order of either.
//
//     load_word<std::uint32_t>("\0\0\x08\x03", ByteOrder::big) == 0x0803
#pragma once

#include <cstddef>
#include <cstdint>

namespace chainrule {

enum class ByteOrder : std::uint8_t { little, big };

// The unsigned `Word` in the first bytes from `bytes` on.
template <typename Word>
Word load_word(const char* bytes, ByteOrder order) {
    Word word = 0;
    for (std::size_t i = 0; i < sizeof word; ++i) {
        const std::size_t place = order == ByteOrder::little ? i : sizeof word - 1 - i;
        word = static_cast<Word>(word | static_cast<Word>(static_cast<unsigned char>(bytes[i]))
                                            << (8 * place));
    }
    return word;
}

}  // namespace chainrule
