// What the pages that stand alone are put together from.
#pragma once

#include <string>
#include <string_view>

#include "render/worksheet.h"

namespace chainrule {

// The whole page around `body`, with the style sheet. The title is escaped here.
std::string html_page(std::string_view title, std::string_view body);

// The picture of a network (render/draw.h) as a figure; nothing where there is no <svg> in it.
std::string figure_html(std::string_view picture);

// The sections of a worksheet, each under its heading.
std::string worksheet_html(const Worksheet& sheet);

}  // namespace chainrule
