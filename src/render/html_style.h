// The style sheet of the HTML page: light and dark, screen, telephone and paper.
#pragma once

#include <string_view>

namespace chainrule {

extern const std::string_view html_style;

}  // namespace chainrule
