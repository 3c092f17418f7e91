// What the readers of CSV, the careful one (data/csv.h) and the fast one (data/plain_cells.h), take
// for blanks, for cells and for text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

enum class CellFault : std::uint8_t {
    none,
    open_quote,
    text_after_quote,
    quote_inside,  // an unquoted cell
    stray_return,
};

struct TakenCell {
    std::string_view text;  // without the blanks and the quotes around it
    char* end = nullptr;    // the delimiter behind it, or the end of the record
    CellFault fault = CellFault::none;
};

// The cell from `at` on, up to the delimiter or the record's end. In quotes `""` becomes `"`, in
// place.
TakenCell take_csv_cell(char* at, char* end, char delimiter);

// The text as a cell between commas, in quotes where it needs them.
std::string csv_cell(std::string_view text);

// The texts as a record, without a line end.
std::string csv_record(const std::vector<std::string>& texts);

// The other way: the texts between the commas; none where one of them breaks the rules.
std::optional<std::vector<std::string>> texts_of_csv_record(std::string record);

// The place of the first byte that is not UTF-8; size() where all is.
std::size_t find_invalid_utf8(std::string_view text);

}  // namespace chainrule
