#include "lang/utf8.h"

#include <array>

namespace chainrule {

CodePoint decode_utf8(std::string_view text, std::size_t offset) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[offset + i]); };
    const unsigned char lead = byte(0);
    const CodePoint invalid{lead, 1, false};
    if (lead < 0x80) return {lead, 1, true};

    std::uint32_t length = 0;
    if ((lead & 0xE0) == 0xC0) length = 2;
    if ((lead & 0xF0) == 0xE0) length = 3;
    if ((lead & 0xF8) == 0xF0) length = 4;
    if (length == 0 || offset + length > text.size()) return invalid;

    char32_t value = lead & (0x7Fu >> length);
    for (std::uint32_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return invalid;
        value = (value << 6) | (byte(i) & 0x3Fu);
    }
    constexpr std::array<char32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < smallest[length] || surrogate || value > 0x10FFFF) return invalid;
    return {value, length, true};
}

bool is_printable(char32_t c) {
    if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return false;
    if (c == 0xAD || c == 0xFEFF || (c >= 0x200B && c <= 0x200F)) return false;
    if (c >= 0x2028 && c <= 0x202E) return false;
    return c < 0x2060 || c > 0x206F;
}

}  // namespace chainrule
