// e^x and e^x - 1: x = n log 2 + r with |r| <= log(2) / 2, log 2 given as the sum of two numbers (Cody and
// Waite, Software Manual for the Elementary Functions, 1980), e^r - 1 by its Taylor series.
#include "scalar/functions.h"
#include "scalar/polynomial.h"

namespace chainrule {
namespace {

// 1/1!, 1/2!, ...: the terms left out are below 2^-27 in f32 and 2^-57 in f64, for |r| <= log(2) / 2 or, with
// more terms, for |r| <= 1/2.
constexpr double series[] = {1.0,
                             1.0 / 2,
                             1.0 / 6,
                             1.0 / 24,
                             1.0 / 120,
                             1.0 / 720,
                             1.0 / 5040,
                             1.0 / 40320,
                             1.0 / 362880,
                             1.0 / 3628800,
                             1.0 / 39916800,
                             1.0 / 479001600,
                             1.0 / 6227020800.0,
                             1.0 / 87178291200.0,
                             1.0 / 1307674368000.0,
                             1.0 / 20922789888000.0};

struct Reduced {
    Scalar n;          // a whole number
    Scalar remainder;  // e^r - 1
};

// x is not reduced below `unreduced`, and taken within low .. high, where the result neither overflows twice nor vanishes twice; NaN stays.
Reduced reduced(Scalar x, double low, double high, double unreduced, std::size_t terms) {
    const Scalar above = select(x < low, x.number(low), x);
    const Scalar inside = select(above > high, x.number(high), above);
    const Scalar n = select(abs(x) < unreduced, 0, nearest(inside * 1.4426950408889634));
    const Scalar r =
        is_single(x)
            ? fma(n, -1.428606765330187e-06, fma(n, -0.693145751953125, inside))
            : fma(n, -1.90821492927058770002e-10, fma(n, -6.93147180369123816490e-01, inside));
    return {n, r * polynomial(r, std::span<const double>(series).first(terms))};
}

// The power is a product of two where one would overflow or vanish.
struct Halves {
    Scalar a;
    Scalar b;
};
Halves halves(Scalar n) {
    const Scalar half = floor(n * 0.5);
    return {power_of_two(half), power_of_two(n - half)};
}

}  // namespace

Scalar exp(Scalar x) {
    const bool single = is_single(x);
    const auto [n, remainder] =
        reduced(x, single ? -104 : -746, single ? 89 : 710, 0, single ? 7 : 13);
    const auto [a, b] = halves(n);
    return (remainder + 1.0) * a * b;
}

Scalar expm1(Scalar x) {
    const bool single = is_single(x);
    const auto [n, remainder] =
        reduced(x, single ? -20 : -40, single ? 89 : 710, 0.5, single ? 9 : 16);
    const auto [a, b] = halves(n);
    const Scalar y = fma(remainder * a, b, a * b - 1.0);
    // Where the 1 no longer counts, the sum must not overflow before the product does.
    const Scalar large = (remainder + 1.0) * a * b;
    return select(equal(x, 0), x, select(n > 60, large, y));
}

}  // namespace chainrule
