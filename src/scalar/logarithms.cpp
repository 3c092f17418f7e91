// log x: x = 2^e m with m between sqrt(1/2) and sqrt(2); with f = m - 1 and s = f / (2 + f),
//     log(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)),   R(z) = 2/3 z + 2/5 z^2 + ...
// (fdlibm, Sun Microsystems, 1993: e_log.c). log1p(x) = log(u) + c / u with u = 1 + x, rounded, and c what
// the rounding has lost.
#include <limits>

#include "scalar/functions.h"
#include "scalar/polynomial.h"

namespace chainrule {
namespace {

constexpr double series[] = {2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9,  2.0 / 11, 2.0 / 13,
                             2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21, 2.0 / 23};
constexpr std::size_t terms_of_single = 5;
constexpr double infinity = std::numeric_limits<double>::infinity();

// Of a positive finite number.
Scalar log_of_positive(Scalar x) {
    const bool single = is_single(x);
    const int bits = single ? 23 : 52;
    const Scalar is_tiny = x < (single ? 1.1754943508222875e-38 : 2.2250738585072014e-308);
    const Scalar normal = select(is_tiny, x * (single ? 8388608.0 : 4503599627370496.0), x);
    const Scalar least = bits_of(x.number(0.70710678118654752));
    const Scalar k = (bits_of(normal) - least) >> bits;
    const Scalar f = from_bits(bits_of(normal) - (k << bits)) - 1.0;
    const Scalar e = real_of(k) - select(is_tiny, x.number(bits), 0);
    const Scalar s = f / (f + 2.0);
    const Scalar z = s * s;
    const std::span<const double> all(series);
    const Scalar rest = z * polynomial(z, single ? all.first(terms_of_single) : all);
    const Scalar half_square = f * f * 0.5;
    const double log_2 = single ? 0.693145751953125 : 6.93147180369123816490e-01;
    const double log_2_rest = single ? 1.428606765330187e-06 : 1.90821492927058770002e-10;
    return fma(e, log_2, f - (half_square - fma(s, half_square + rest, e * log_2_rest)));
}

}  // namespace

Scalar log(Scalar x) {
    const Scalar y = select(equal(x, 0), x.number(-infinity), log_of_positive(x));
    const Scalar real = select(x < 0, x.number(std::numeric_limits<double>::quiet_NaN()), y);
    return select(equal(x, infinity) | is_nan(x), x, real);
}

Scalar log1p(Scalar x) {
    const Scalar u = x + 1.0;
    const Scalar lost = x - (u - 1.0);
    const Scalar log_u = log(u);
    const Scalar has_no_correction = equal(x, infinity) | equal(u, 0);
    return select(equal(u, 1), x, select(has_no_correction, log_u, log_u + lost / u));
}

Scalar softplus(Scalar x) { return select(x < 0, 0, x) + log1p(exp(-abs(x))); }

}  // namespace chainrule
