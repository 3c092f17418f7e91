// Elements and text of HTML and XML.
#pragma once

#include <string>
#include <string_view>

namespace chainrule {

// Text safe inside HTML and XML, quotes included.
std::string escape_markup(std::string_view text);

// `<tag attributes>content</tag>`.
std::string element(std::string_view tag, std::string_view content,
                    std::string_view attributes = {});

}  // namespace chainrule
