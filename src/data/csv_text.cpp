#include "data/csv_text.h"

#include <algorithm>
#include <cstring>

#include "lang/utf8.h"

namespace chainrule {
namespace {

// Where the ASCII that text begins with ends, eight bytes at a time.
std::size_t skip_ascii(std::string_view text, std::size_t at) {
    constexpr std::uint64_t high_bits = 0x8080808080808080U;
    while (at + sizeof(std::uint64_t) <= text.size()) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, sizeof word);
        if ((word & high_bits) != 0) {
            break;
        }
        at += sizeof word;
    }
    while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) {
        ++at;
    }
    return at;
}

char* skip_blanks(char* at, const char* end, char delimiter) {
    while (at != end && is_blank(*at, delimiter)) {
        ++at;
    }
    return at;
}

TakenCell take_unquoted(char* at, char* end, char delimiter) {
    TakenCell cell{.text = {}, .end = std::find(at, end, delimiter)};
    cell.text = trim_blanks(std::string_view(at, cell.end), delimiter);
    const std::size_t stray = cell.text.find_first_of("\"\r");
    if (stray != std::string_view::npos) {
        cell.fault = cell.text[stray] == '"' ? CellFault::quote_inside : CellFault::stray_return;
    }
    return cell;
}

// From behind the opening quote on.
TakenCell take_quoted(char* at, char* end, char delimiter) {
    const char* const begin = at;
    char* out = at;
    for (; at != end; ++at) {
        if (*at == '"') {
            if (at + 1 == end || at[1] != '"') {
                break;
            }
            ++at;  // `""` stands for one quote
        }
        *out++ = *at;
    }
    TakenCell cell{.text = trim_blanks(std::string_view(begin, out), delimiter), .end = end};
    if (at == end) {
        cell.fault = CellFault::open_quote;
        return cell;
    }
    cell.end = skip_blanks(at + 1, end, delimiter);
    if (cell.end != end && *cell.end != delimiter) {
        cell.fault = CellFault::text_after_quote;
    }
    return cell;
}

}  // namespace

TakenCell take_csv_cell(char* at, char* end, char delimiter) {
    at = skip_blanks(at, end, delimiter);
    return at != end && *at == '"' ? take_quoted(at + 1, end, delimiter)
                                   : take_unquoted(at, end, delimiter);
}

std::string csv_cell(std::string_view text) {
    const bool is_plain = text.find_first_of(",;|\t\"\r\n") == std::string_view::npos &&
                          trim_blanks(text, ',').size() == text.size();
    if (is_plain) {
        return std::string(text);
    }
    std::string cell = "\"";
    for (const char c : text) {
        cell += c == '"' ? "\"\"" : std::string(1, c);
    }
    return cell + "\"";
}

std::string csv_record(const std::vector<std::string>& texts) {
    std::string record;
    for (const std::string& text : texts) {
        record += csv_cell(text) + ",";
    }
    record.resize(record.size() - (record.empty() ? 0 : 1));
    return record;
}

std::optional<std::vector<std::string>> texts_of_csv_record(std::string record) {
    std::vector<std::string> cells;
    char* const end = record.data() + record.size();
    for (char* at = record.data();; ++at) {
        const TakenCell cell = take_csv_cell(at, end, ',');
        if (cell.fault != CellFault::none) {
            return std::nullopt;
        }
        cells.emplace_back(cell.text);
        at = cell.end;
        if (at == end) {
            return cells;
        }
    }
}

std::size_t find_invalid_utf8(std::string_view text) {
    for (std::size_t at = skip_ascii(text, 0); at < text.size();) {
        const CodePoint point = decode_utf8(text, at);
        if (!point.valid) {
            return at;
        }
        at = skip_ascii(text, at + point.length);
    }
    return text.size();
}

}  // namespace chainrule
