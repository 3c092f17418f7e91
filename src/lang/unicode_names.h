// The mathematical characters that a text may hold, and what they stand for in ASCII.
#pragma once

#include <string>
#include <string_view>

#include "lang/lexer.h"

namespace chainrule {

// `α` -> "alpha", `Δ` -> "Delta", `∂` -> "d" (so that `∂Loss/∂w` reads as `dLoss/dw`); empty for
// anything that is no letter of a name.
std::string_view letter_name(char32_t c);

// `₀` ... `₉` -> '0' ... '9' inside a name; 0 otherwise.
char subscript_digit(char32_t c);

// `⁰` ... `⁹`, and `⁻` as '-'; 0 otherwise.
char superscript_digit(char32_t c);

// `·` -> star, `≤` -> less_equal, `ᵀ` -> transpose, ...; TokenKind::invalid for anything else.
TokenKind operator_of(char32_t c);

// No-break space and its kin.
bool is_unicode_blank(char32_t c);

}  // namespace chainrule
