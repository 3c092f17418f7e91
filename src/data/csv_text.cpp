#include "data/csv_text.h"

#include <cstdint>
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

}  // namespace

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
