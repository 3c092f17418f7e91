// What a token's text means, or why it means nothing.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "lang/ascii.h"
#include "lang/lexer.h"
#include "lang/unicode_names.h"
#include "lang/utf8.h"

namespace chainrule {

namespace {

// The power of ten of a number's first digit that is not 0, for one that from_chars calls out of
// range: it does not say on which side.
long decimal_exponent(std::string_view number) {
    const std::size_t mantissa_end = std::min(number.find_first_of("eE"), number.size());
    const std::string_view mantissa = number.substr(0, mantissa_end);
    const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
    const std::size_t first = mantissa.find_first_not_of("0.");
    if (first == std::string_view::npos) return 0;
    const long place =
        first < point ? static_cast<long>(point - first) : -static_cast<long>(first - point - 1);
    if (mantissa_end == number.size()) return place;

    std::string_view digits = number.substr(mantissa_end + 1);
    const bool negative = digits.starts_with('-');
    if (negative || digits.starts_with('+')) digits.remove_prefix(1);
    long exponent = 0;
    for (const char c : digits) exponent = std::min(exponent * 10 + (c - '0'), 1'000'000'000L);
    return negative ? place - exponent : place + exponent;
}

std::string shortened(std::string_view text) {
    constexpr std::size_t longest = 40;
    if (text.size() <= longest) return std::string(text);
    std::size_t cut = longest;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
    return std::string(text.substr(0, cut)) + "...";
}

std::string invalid_number_reason(std::string_view token) {
    const std::size_t number_end = std::min(token.find_first_not_of("0123456789."), token.size());
    const std::string_view number = token.substr(0, number_end);
    const std::string_view rest = token.substr(number_end);
    const bool one_point = std::count(number.begin(), number.end(), '.') <= 1;
    const bool base_prefix = number == "0" && rest.find_first_of("xXbBoO") == 0;
    const bool exponent = !rest.empty() && (rest[0] == 'e' || rest[0] == 'E');
    if (exponent && rest.size() == 1)
        return fmt::format("'{}' is not a number: its exponent has no digits", shortened(token));
    if (one_point && !base_prefix && !exponent && !rest.empty() && rest[0] != '_')
        return fmt::format("'{}' is neither a number nor a name: a product is written {} * {}",
                           shortened(token), shortened(number), shortened(rest));
    return fmt::format("'{}' is not a number: numbers are decimal, such as 10, 0.5 or 1e-3",
                       shortened(token));
}

struct Hint {
    std::string_view token;
    std::string_view reason;
};

constexpr std::array<Hint, 12> hints = {{
    {"**", "'**' is not an operator: a power is written with '^'"},
    {"!", "'!' is not an operator: 'not equal' is written '!='"},
    {"&", "'&' is not an operator: multiply two comparisons to ask for both"},
    {"&&", "'&&' is not an operator: multiply two comparisons to ask for both"},
    {"|", "'|' is not an operator: take the max of two comparisons to ask for either"},
    {"||", "'||' is not an operator: take the max of two comparisons to ask for either"},
    {"%", "unexpected character '%': comments begin with '#'"},
    {"\\",
     "unexpected character '\\': a line goes on by itself inside brackets and after an "
     "operator"},
    {"\u201C", "unexpected character '\u201C': strings stand in straight double quotes"},
    {"\u201D", "unexpected character '\u201D': strings stand in straight double quotes"},
    {"\u2014", "unexpected character '\u2014': a minus is written '-'"},
    {".", "unexpected '.': a dot stands only inside a number or between two parts of a name"},
}};

std::string character_reason(std::string_view token) {
    const CodePoint c = decode_utf8(token, 0);
    const std::string code = fmt::format("U+{:04X}", static_cast<std::uint32_t>(c.value));
    if (!is_printable(c.value)) return fmt::format("unexpected invisible character {}", code);
    if (c.value < 0x80) return fmt::format("unexpected character '{}'", token);
    return fmt::format(
        "unexpected character '{}' ({}): names are made of Latin and Greek letters, "
        "digits and '_'",
        token, code);
}

}  // namespace

std::optional<Diagnostic> check_text(std::string_view text, std::uint32_t file) {
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto here = static_cast<std::uint32_t>(i);
        const Span span{file, here, here + 1};
        const bool blank = byte == '\t' || byte == '\n' || byte == '\r';
        if ((byte < 0x20 && !blank) || byte == 0x7F)
            return Diagnostic{
                Severity::error,
                fmt::format("not a text: control character 0x{:02X} at byte {}", byte, i),
                span,
                {}};
        if (byte < 0x80) {
            ++i;
            continue;
        }
        const CodePoint c = decode_utf8(text, i);
        if (!c.valid)
            return Diagnostic{Severity::error,
                              fmt::format("not valid UTF-8: byte 0x{:02X} at byte {}; save the "
                                          "text as UTF-8",
                                          byte, i),
                              span,
                              {}};
        i += c.length;
    }
    return std::nullopt;
}

std::string ascii_name(std::string_view name) {
    if (name == "\u03C3") return "sigmoid";
    std::string out;
    out.reserve(name.size());
    for (std::size_t i = 0; i < name.size();) {
        const CodePoint c = decode_utf8(name, i);
        if (c.value < 0x80) {
            out += name[i];
        } else if (const char digit = subscript_digit(c.value)) {
            out += digit;
        } else {
            out += letter_name(c.value);
        }
        i += c.length;
    }
    return out;
}

std::optional<double> number_value(std::string_view number) {
    double value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error == std::errc::result_out_of_range) {
        if (decimal_exponent(number) > 0) return std::nullopt;
        return 0.0;
    }
    if (error != std::errc() || end != number.data() + number.size() || std::isinf(value))
        return std::nullopt;
    return value;
}

std::optional<int> superscript_value(std::string_view superscript) {
    std::string digits;
    for (std::size_t i = 0; i < superscript.size();) {
        const CodePoint c = decode_utf8(superscript, i);
        digits += superscript_digit(c.value);
        i += c.length;
    }
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

std::string invalid_reason(std::string_view token) {
    const auto hint = std::find_if(hints.begin(), hints.end(),
                                   [token](const Hint& h) { return h.token == token; });
    if (hint != hints.end()) return std::string(hint->reason);
    const bool number = is_digit(token[0]) || (token.size() > 1 && token[0] == '.');
    if (number) return invalid_number_reason(token);
    if (token[0] == '"') return "this string has no closing '\"'";
    if (token.size() > max_name_length)
        return fmt::format("'{}' has {} bytes: a name has at most {}", shortened(token),
                           token.size(), max_name_length);
    return character_reason(token);
}

}  // namespace chainrule
