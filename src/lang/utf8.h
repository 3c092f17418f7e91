// UTF-8, read one code point at a time.
//
// Strict: overlong forms, surrogates and values above U+10FFFF are invalid. An invalid byte comes
// back as a code point of length 1 with `valid` false, so that a reader can always go on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace chainrule {

struct CodePoint {
    char32_t value = 0;  // of an invalid byte: the byte
    std::uint32_t length = 1;
    bool valid = false;
};

// `offset` must lie inside `text`.
CodePoint decode_utf8(std::string_view text, std::size_t offset);

// Whether a terminal shows it as a mark of its own: no control character, no change of direction,
// no character of zero width.
bool is_printable(char32_t code_point);

}  // namespace chainrule
