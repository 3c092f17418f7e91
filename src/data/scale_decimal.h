// Digits times a power of ten as a double, correctly rounded: the algorithm of Eisel and Lemire
// ("Number parsing at a gigabyte per second", 2021, section 5), for the powers of ten that data
// files hold.
//
// digits * 10^q = digits * 5^q * 2^q. 5^q is kept to 128 bits; the upper 64 of the product with the
// digits hold the 53 that count and the bits that round them, and only where those are all ones
// does the lower half of 5^q matter. From 10^-27 to 10^27 that decides every case: 5^27 has less
// than 64 bits.
//
//     scale_decimal(125, -1) == 12.5
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace chainrule {

constexpr int greatest_decimal_exponent = 27;

namespace decimal_detail {

__extension__ using Word128 = unsigned __int128;

// The highest bit is set.
struct PowerOfFive {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
};

// 2^b / 5^exponent for the b that fills 128 bits, rounded up; by long division.
constexpr PowerOfFive reciprocal(std::uint64_t power) {
    const int bits = 64 - std::countl_zero(power);
    Word128 quotient = 1;
    std::uint64_t rest = (std::uint64_t{1} << bits) - power;
    for (int i = 0; i < 127; ++i) {
        rest <<= 1;
        quotient <<= 1;
        if (rest >= power) {
            rest -= power;
            quotient |= 1;
        }
    }
    ++quotient;
    return {static_cast<std::uint64_t>(quotient >> 64), static_cast<std::uint64_t>(quotient)};
}

// From 5^-27 to 5^27.
constexpr auto powers_of_five = [] {
    std::array<PowerOfFive, 2 * greatest_decimal_exponent + 1> powers{};
    std::uint64_t power = 1;
    powers[greatest_decimal_exponent] = {std::uint64_t{1} << 63, 0};
    for (std::size_t q = 1; q <= greatest_decimal_exponent; ++q) {
        power *= 5;
        powers[greatest_decimal_exponent + q] = {power << std::countl_zero(power), 0};
        powers[greatest_decimal_exponent - q] = reciprocal(power);
    }
    return powers;
}();

}  // namespace decimal_detail

// Of a number that is not negative; without a branch, which would be guessed wrong for every other
// number.
inline double with_sign(double number, bool negative) {
    const std::uint64_t sign = static_cast<std::uint64_t>(negative) << 63;
    return std::bit_cast<double>(std::bit_cast<std::uint64_t>(number) | sign);
}

// `exponent` from -27 to 27.
inline double scale_decimal(std::uint64_t digits, int exponent) {
    using decimal_detail::Word128;
    if (digits == 0) {
        return 0;
    }
    const auto& power = decimal_detail::powers_of_five[static_cast<std::size_t>(
        exponent + greatest_decimal_exponent)];
    const int zeros = std::countl_zero(digits);
    digits <<= zeros;
    const Word128 product = static_cast<Word128>(digits) * power.high;
    auto high = static_cast<std::uint64_t>(product >> 64);
    auto low = static_cast<std::uint64_t>(product);
    if ((high & 0x1FFU) == 0x1FFU) {
        const auto more =
            static_cast<std::uint64_t>(static_cast<Word128>(digits) * power.low >> 64);
        low += more;
        high += low < more ? 1 : 0;
    }
    const int carry = static_cast<int>(high >> 63);
    const int shift = carry + 9;
    std::uint64_t significand = high >> shift;  // 53 bits and the one that rounds
    // Half-way between two doubles, which only these exponents allow: to the even one.
    const bool may_be_half = low <= 1 && exponent >= -4 && exponent <= 23;
    if (may_be_half && (significand & 3U) == 1 && significand << shift == high) {
        significand &= ~std::uint64_t{1};
    }
    significand = (significand + (significand & 1U)) >> 1;
    // floor(log2(10^q)) is 217706 q / 2^16. The hidden bit adds one to the exponent below it, and a
    // carry of the rounding another.
    const int exponent_of_two = ((217'706 * exponent) >> 16) + 63 + carry - zeros + 1022;
    return std::bit_cast<double>((static_cast<std::uint64_t>(exponent_of_two) << 52) + significand);
}

}  // namespace chainrule
