#include "data/cell.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

#include "data/decimal.h"
#include "lang/ascii.h"
#include "lang/utf8.h"

namespace chainrule {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

bool is_missing(std::string_view text) {
    // pandas.read_csv's default `na_values`, and the `?` of the UCI repository.
    static constexpr std::array<std::string_view, 20> words = {
        "?",   "NA",       "nan",    "NaN",     "NAN",     "-nan",    "-NaN",
        "N/A", "n/a",      "<NA>",   "null",    "NULL",    "None",    "#N/A",
        "#NA", "#N/A N/A", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN"};
    return text.empty() || std::find(words.begin(), words.end(), text) != words.end();
}

std::string_view without_sign(std::string_view text) {
    const bool sign = !text.empty() && (text.front() == '+' || text.front() == '-');
    return text.substr(sign ? 1 : 0);
}

bool is_infinity(std::string_view text) {
    std::string lower(without_sign(text).substr(0, 9));
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return lower == "inf" || lower == "infinity";
}

bool is_hexadecimal(std::string_view text) {
    const std::string_view digits = without_sign(text);
    return digits.size() > 2 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X') &&
           digits.find_first_not_of("0123456789abcdefABCDEFpP.+-", 2) == std::string_view::npos;
}

// Digits with a single kind of separator inside them, `1,5` or `1_000`, perhaps with a point too.
bool has_separators(std::string_view text, char separator) {
    const std::string_view digits = without_sign(text);
    return digits.find(separator) != std::string_view::npos && is_digit(digits.front()) &&
           is_digit(digits.back()) && std::all_of(digits.begin(), digits.end(), [&](char c) {
               return is_digit(c) || c == separator || c == '.';
           });
}

// Whether a numeral that no double holds is too small rather than too large: the power of ten of
// its first significant digit decides.
bool is_underflow(std::string_view numeral) {
    const std::size_t exponent_at = numeral.find_first_of("eE");
    const std::string_view digits = without_sign(numeral.substr(0, exponent_at));
    const std::size_t first = digits.find_first_of("123456789");
    if (first == std::string_view::npos) {
        return true;
    }
    double exponent = 0;
    if (exponent_at != std::string_view::npos) {
        for (const char c : without_sign(numeral.substr(exponent_at + 1))) {
            exponent = 10 * exponent + (c - '0');
        }
        exponent = numeral[exponent_at + 1] == '-' ? -exponent : exponent;
    }
    const std::size_t point = std::min(digits.find('.'), digits.size());
    return exponent + static_cast<double>(point) - static_cast<double>(first) < 0;
}

enum class Parse { number, out_of_range, not_a_number };

Parse parse_number(std::string_view text, double& number) {
    if (parse_decimal(text, number)) {
        return Parse::number;
    }
    const std::string_view digits = without_sign(text);
    // from_chars would take `inf` and `nan(1)` as well.
    if (digits.empty() || !(is_digit(digits[0]) || digits[0] == '.')) {
        return Parse::not_a_number;
    }
    if (text.front() == '+') {
        text.remove_prefix(1);  // which from_chars does not know
    }
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (stop != end || error == std::errc::invalid_argument) {
        return Parse::not_a_number;
    }
    if (error == std::errc::result_out_of_range && is_underflow(text)) {
        number = text.front() == '-' ? -0.0 : 0.0;
        return Parse::number;
    }
    return error == std::errc{} && std::isfinite(number) ? Parse::number : Parse::out_of_range;
}

}  // namespace

Cell parse_cell(std::string_view text) {
    double number = nan;
    switch (parse_number(text, number)) {
    case Parse::number:
        return {CellKind::number, number};
    case Parse::out_of_range:
        return {CellKind::malformed, nan};
    case Parse::not_a_number:
        break;
    }
    if (is_missing(text)) {
        return {CellKind::missing, nan};
    }
    const bool malformed = is_infinity(text) || is_hexadecimal(text) || has_separators(text, ',') ||
                           has_separators(text, '_');
    return {malformed ? CellKind::malformed : CellKind::text, nan};
}

std::string quote_cell(std::string_view text) {
    constexpr std::size_t longest = 40;
    std::string shown;
    std::size_t at = 0;
    while (at < text.size() && at < longest) {
        const CodePoint point = decode_utf8(text, at);
        if (point.valid && is_printable(point.value)) {
            shown += text.substr(at, point.length);
        } else {
            shown += '?';
        }
        at += point.length;
    }
    return fmt::format("\"{}{}\"", shown, at < text.size() ? "..." : "");
}

std::string describe_bad_number(std::string_view text) {
    const std::string shown = quote_cell(text);
    double ignored = 0;
    if (parse_number(text, ignored) == Parse::out_of_range) {
        return fmt::format("{} is beyond the range of a double", shown);
    }
    if (is_infinity(text)) {
        return fmt::format("{} is not a finite number: leave the cell empty if it is missing",
                           shown);
    }
    if (is_hexadecimal(text)) {
        return fmt::format("{} is not a number: write it in decimal", shown);
    }
    if (has_separators(text, ',')) {
        return fmt::format("{} is not a number: write decimals with a point, thousands unseparated",
                           shown);
    }
    if (has_separators(text, '_')) {
        return fmt::format("{} is not a number: write it without underscores", shown);
    }
    return fmt::format("{} is not a number", shown);
}

}  // namespace chainrule
