// x^y = e^(y log|x|), the logarithm as the sum of two doubles; and the hypotenuse.
//
// With |x| = 2^e m and s = (m - 1) / (m + 1): log m = 2 (s + s^3/3 + s^5/5 + ...), its first two terms in
// double-double arithmetic (Dekker, "A floating-point technique for extending the available precision",
// Numerische Mathematik 18, 1971).
#include <limits>

#include "scalar/functions.h"
#include "scalar/polynomial.h"

namespace chainrule {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Double {
    Scalar high;
    Scalar low;
};

// |a| >= |b|, or a = 0.
Double sum(Scalar a, Scalar b) {
    const Scalar high = a + b;
    return {high, b - (high - a)};
}
Double product(Scalar a, Scalar b) {
    const Scalar high = a * b;
    return {high, fma(a, b, -high)};
}

// 2/5 + 2/7 z + ...
constexpr double later_terms[] = {2.0 / 5,  2.0 / 7,  2.0 / 9,  2.0 / 11, 2.0 / 13,
                                  2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21, 2.0 / 23};

Double log_of_positive(Scalar x) {
    const Scalar tiny = x < 2.2250738585072014e-308;
    const Scalar up = select(tiny, x * 4503599627370496.0, x);
    const Scalar offset = bits_of(x.number(0.70710678118654752));
    const Scalar k = (bits_of(up) - offset) >> 52;
    const Scalar m = from_bits(bits_of(up) - (k << 52));
    const Scalar e = real_of(k) - select(tiny, x.number(52), 0);
    const Scalar f = m - 1.0;
    const Scalar v = m + 1.0;
    const Scalar v_low = m - (v - 1.0);
    const Scalar s = f / v;
    const Scalar s_low = (fma(-s, v, f) - s * v_low) / v;
    const Double z = product(s, s);
    const Double cube = product(s, z.high);
    const Scalar cube_low = cube.low + fma(s, fma(s * 2.0, s_low, z.low), s_low * z.high);
    const Double third = product(cube.high, x.number(2.0 / 3));
    const Scalar third_low =
        fma(cube.high, 3.700743415417188e-17, third.low) + cube_low * (2.0 / 3);
    const Scalar rest = cube.high * z.high * polynomial(z.high, later_terms);
    const Double a = sum(s * 2.0, third.high);
    const Scalar a_low = a.low + s_low * 2.0 + third_low + rest;
    const Scalar exponent = e * 6.93147180369123816490e-01;  // exact: the constant has 33 bits
    const Double b = sum(select(equal(e, 0), 0, exponent), a.high);
    // Where e is not 0, |e log 2| is greater than |log m|.
    return sum(b.high, b.low + fma(e, 1.90821492927058770002e-10, a_low));
}

Scalar power_of_positive(Scalar x, Scalar y) {
    const Double log_x = log_of_positive(x);
    const Double p = product(log_x.high, y);
    const Scalar low = fma(log_x.low, y, p.low);
    const Scalar e = exp(p.high);
    return select(equal(e, infinity) | equal(e, 0), e, fma(e, low, e));
}

Scalar power_f64(Scalar x, Scalar y) {
    const Scalar a = abs(x);
    const Scalar is_whole = equal(floor(y), y);
    const Scalar half = y * 0.5;
    const Scalar is_odd = is_whole & ~equal(floor(half), half);
    const Scalar to_zero = select(y < 0, y.number(infinity), y.number(0));
    const Scalar to_infinity = select(y < 0, 0, y.number(infinity));
    const Scalar grows = (a > 1) ^ (y < 0);
    const Scalar of_infinite_y = select(equal(a, 1), a, select(grows, a.number(infinity), 0));
    Scalar size = power_of_positive(a, y);
    size = select(equal(abs(y), infinity), of_infinite_y, size);
    size = select(equal(a, 0), to_zero, size);
    size = select(equal(a, infinity), to_infinity, size);
    const Scalar is_negative = bits_of(x) < bits_of(x).whole(0);
    const Scalar signed_size = select(is_negative & is_odd, -size, size);
    const Scalar no_number = (x < 0) & ~is_whole & (a < infinity);
    Scalar result =
        select(no_number, x.number(std::numeric_limits<double>::quiet_NaN()), signed_size);
    result = select(is_nan(x) | is_nan(y), x + y, result);
    return select(equal(y, 0) | equal(x, 1), 1, result);
}

Scalar hypot_f64(Scalar x, Scalar y) {
    const Scalar a = abs(x);
    const Scalar b = abs(y);
    const Scalar high = select(a < b, b, a);
    const Scalar low = select(a < b, a, b);
    const Scalar ratio = low / high;
    const Scalar length = high * sqrt(fma(ratio, ratio, ratio.number(1)));
    const Scalar plain = select(equal(high, 0), 0, length);
    const Scalar with_nan = select(is_nan(x) | is_nan(y), x + y, plain);
    return select(equal(a, infinity) | equal(b, infinity), high.number(infinity), with_nan);
}

}  // namespace

Scalar power(Scalar x, Scalar y) { return in_double(power_f64, x, y); }
Scalar hypot(Scalar x, Scalar y) { return in_double(hypot_f64, x, y); }

}  // namespace chainrule
