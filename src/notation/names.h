// How names are set in LaTeX: `w1` as w_1, `alpha` as its Greek letter, `W_hidden` with a text
// subscript, `h.W` with its owner as a superscript.
#pragma once

#include <string>
#include <string_view>

namespace chainrule {

std::string latex_name(std::string_view name);

// Plain text safe inside LaTeX's text mode.
std::string latex_text(std::string_view text);

}  // namespace chainrule
