#include "data/decimal.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>

#include "data/words.h"
#include "lang/ascii.h"

namespace chainrule {
namespace {

constexpr int most_digits = 19;  // that 64 bits always hold

// The arithmetic on eight digits at once is Lemire's, "Number parsing at a gigabyte per second", 2021,
// section 5: the first byte is the first digit.

// How many of the eight bytes are digits, from the first on.
int leading_digits(std::uint64_t bytes) {
    constexpr std::uint64_t high_bits = 0x8080808080808080U;
    // Above 9 the sum, below 0 the difference has the high bit; borrows only reach later bytes.
    const std::uint64_t others =
        ((bytes + 0x4646464646464646U) | (bytes - 0x3030303030303030U) | bytes) & high_bits;
    return std::countr_zero(others) / 8;
}

// Of digits as numbers from 0 to 9.
std::uint64_t eight_digits(std::uint64_t digits) {
    digits = digits * 10 + (digits >> 8);
    return (((digits & 0x000000FF000000FFU) * 0x000F424000000064U +
             ((digits >> 16) & 0x000000FF000000FFU) * 0x0000271000000001U) >>
            32) &
           0xFFFFFFFFU;
}

constexpr std::array<std::uint64_t, 9> whole_powers_of_ten{
    1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000};

// Appends the digits at `at` to `value`, which may overflow; where they end.
template <bool padded>
const char* read_digits(const char* at, const char* end, std::uint64_t& value) {
    while (padded || end - at >= 8) {
        const std::uint64_t ascii = load_word<std::uint64_t>(at, ByteOrder::little);
        const int count = leading_digits(ascii);
        if (count == 0) {
            return at;
        }
        // Zeros in front: the digits move to the end of the eight.
        const std::uint64_t digits = (ascii - 0x3030303030303030U) << (64 - 8 * count);
        value = value * whole_powers_of_ten[static_cast<std::size_t>(count)] + eight_digits(digits);
        at += count;
        if (count < 8) {
            return at;
        }
    }
    while (at != end && is_digit(*at)) {
        value = value * 10 + static_cast<std::uint64_t>(*at++ - '0');
    }
    return at;
}

template <typename Real, int greatest>
constexpr std::array<Real, greatest + 1> powers_of_ten = [] {
    std::array<Real, greatest + 1> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i) {
        powers[i] = powers[i - 1] * 10;
    }
    return powers;
}();

template <typename Real>
Real scaled(std::uint64_t digits, Real power, bool divide) {
    return divide ? static_cast<Real>(digits) / power : static_cast<Real>(digits) * power;
}

// digits * 10^exponent, if one correctly rounded operation gives it.
bool scale(std::uint64_t digits, int exponent, double& number) {
    constexpr std::uint64_t most_in_double = std::uint64_t{1}
                                             << std::numeric_limits<double>::digits;
    constexpr int exact_in_double = 22;       // 5^22 < 2^53
    constexpr int exact_in_long_double = 27;  // 5^27 < 2^64
    const int size = exponent < 0 ? -exponent : exponent;
    const auto power = static_cast<std::size_t>(size);
    if (digits <= most_in_double && size <= exact_in_double) {
        number = scaled(digits, powers_of_ten<double, exact_in_double>[power], exponent < 0);
        return true;
    }
    if constexpr (std::numeric_limits<long double>::digits == 64) {
        if (size > exact_in_long_double) {
            return false;
        }
        const long double result =
            scaled(digits, powers_of_ten<long double, exact_in_long_double>[power], exponent < 0);
        std::uint64_t significand = 0;  // the first eight of its bytes
        std::memcpy(&significand, &result, sizeof significand);
        number = static_cast<double>(result);
        return (significand & 0x7FFU) != 0x400U;
    }
    return false;
}

// The exponent after `e`; false where there is none or it is long.
bool read_exponent(const char* at, const char* end, int& exponent) {
    const bool negative = at != end && *at == '-';
    at += at != end && (*at == '-' || *at == '+') ? 1 : 0;
    if (at == end || end - at > 3) {
        return false;
    }
    std::uint64_t value = 0;
    if (read_digits<false>(at, end, value) != end) {
        return false;
    }
    exponent += negative ? -static_cast<int>(value) : static_cast<int>(value);
    return true;
}

template <bool padded>
bool parse(std::string_view text, double& number) {
    const char* at = text.data();
    const char* const end = at + text.size();
    const bool negative = at != end && *at == '-';
    at += static_cast<int>(negative | (at != end && *at == '+'));
    const char* const first = at;
    std::uint64_t digits = 0;
    at = read_digits<padded>(at, end, digits);
    auto count = at - first;
    int exponent = 0;
    if (at != end && *at == '.') {
        const char* const point = ++at;
        at = read_digits<padded>(at, end, digits);
        exponent = -static_cast<int>(at - point);
        count += at - point;
    }
    if (count == 0 || count > most_digits) {
        return false;
    }
    if (at != end && ((*at != 'e' && *at != 'E') || !read_exponent(at + 1, end, exponent))) {
        return false;
    }
    if (!scale(digits, exponent, number)) {
        return false;
    }
    // Not a branch, which would be guessed wrong for every other number.
    const std::uint64_t sign = static_cast<std::uint64_t>(negative) << 63;
    number = std::bit_cast<double>(std::bit_cast<std::uint64_t>(number) | sign);
    return true;
}

}  // namespace

bool parse_decimal(std::string_view text, double& number) { return parse<false>(text, number); }

bool parse_padded_decimal(std::string_view text, double& number) {
    return parse<true>(text, number);
}

}  // namespace chainrule
