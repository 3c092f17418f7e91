// Characters of ASCII, whatever the locale says.
#pragma once

namespace chainrule {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// What a name may begin with.
constexpr bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

}  // namespace chainrule
