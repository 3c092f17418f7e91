#include "data/decimal.h"

#include <cstddef>
#include <cstdint>

#include "data/digit_words.h"
#include "data/scale_decimal.h"
#include "lang/ascii.h"

namespace chainrule {
namespace {

constexpr int most_digits = 19;  // that 64 bits always hold

// Appends the digits at `at` to `value`, which may overflow; where they end.
const char* read_digits(const char* at, const char* end, std::uint64_t& value) {
    for (; end - at >= 8; at += 8) {
        const std::uint64_t digits = digits_of(load_digits(at), 8);
        if (other_than_digits(digits) != 0) {
            break;
        }
        value = value * whole_powers_of_ten[8] + number_of_eight_digits(digits);
    }
    for (; at != end && is_digit(*at); ++at) {
        value = value * 10 + static_cast<std::uint64_t>(*at - '0');
    }
    return at;
}

// The exponent after `e`; false where there is none or it is long.
bool read_exponent(const char* at, const char* end, int& exponent) {
    const bool negative = at != end && *at == '-';
    at += at != end && (*at == '-' || *at == '+') ? 1 : 0;
    if (at == end || end - at > 3) {
        return false;
    }
    std::uint64_t value = 0;
    if (read_digits(at, end, value) != end) {
        return false;
    }
    exponent += negative ? -static_cast<int>(value) : static_cast<int>(value);
    return true;
}

}  // namespace

bool parse_decimal(std::string_view text, double& number) {
    const char* at = text.data();
    const char* const end = at + text.size();
    const bool negative = at != end && *at == '-';
    at += static_cast<int>(negative | (at != end && *at == '+'));
    const char* const first = at;
    std::uint64_t digits = 0;
    at = read_digits(at, end, digits);
    auto count = at - first;
    int exponent = 0;
    if (at != end && *at == '.') {
        const char* const point = ++at;
        at = read_digits(at, end, digits);
        exponent = -static_cast<int>(at - point);
        count += at - point;
    }
    if (count == 0 || count > most_digits) {
        return false;
    }
    if (at != end && ((*at != 'e' && *at != 'E') || !read_exponent(at + 1, end, exponent))) {
        return false;
    }
    if (exponent < -greatest_decimal_exponent || exponent > greatest_decimal_exponent) {
        return false;
    }
    number = with_sign(scale_decimal(digits, exponent), negative);
    return true;
}

}  // namespace chainrule
