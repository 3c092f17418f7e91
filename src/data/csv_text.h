// What the two readers of CSV, the careful one (data/csv.h) and the fast one (data/plain_cells.h), take
// for blanks and for text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace chainrule {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// A space, or a tab that is not the delimiter.
inline bool is_blank(char c, char delimiter) {
    return c == ' ' || (c == '\t' && delimiter != '\t');
}

inline std::string_view trim_blanks(std::string_view text, char delimiter) {
    while (!text.empty() && is_blank(text.front(), delimiter)) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_blank(text.back(), delimiter)) {
        text.remove_suffix(1);
    }
    return text;
}

// The text as a cell between commas, in quotes where it needs them.
std::string csv_cell(std::string_view text);

// The place of the first byte that is not UTF-8; size() where all is.
std::size_t find_invalid_utf8(std::string_view text);

}  // namespace chainrule
