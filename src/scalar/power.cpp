#include <limits>
#include <optional>

#include "scalar/functions.h"
#include "scalar/precision.h"

namespace chainrule {
namespace {

// The logarithm of a positive finite x to about 2^-64 of its size: 2 s (1 + z/3 + z^2 (1/5 + ...)),
// s = f / (2 + f), z = s^2.
Pair long_log(Scalar x) {
    static constexpr double p[] = {1.0 / 5,  1.0 / 7,  1.0 / 9,  1.0 / 11, 1.0 / 13,
                                   1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21, 1.0 / 23};
    const auto [whole, f] = mantissa(x);
    const Scalar e = small_real_of(whole);
    const Pair below = quick_sum(f.number(2), f);
    const Scalar s = f / below.hi;
    const Scalar s_lo = fma(-s, below.lo, fma(-s, below.hi, f)) / below.hi;
    const Pair ratio = quick_sum(s, s_lo);
    const Pair z = ratio * ratio;
    const Pair third{f.number(0x1.5555555555555p-2), f.number(0x1.5555555555555p-56)};
    const Scalar rest = z.hi * z.hi * horner(z.hi, p);
    const Pair series = quick_sum(f.number(1), f.number(0)) + (z * third + Pair{rest, f.number(0)});
    const Pair log_2{f.number(0x1.62e42fefa39efp-1), f.number(0x1.abc9e3b39803fp-56)};
    return log_2 * e + Pair{2.0 * ratio.hi, 2.0 * ratio.lo} * series;
}

// |x|^n as e^(n log |x|).
Scalar size_of_power(Scalar a, Scalar n, bool was_single) {
    const Scalar inside = (a > 0) & (a < infinity);
    const Scalar edge = select(equal(a, 0), -infinity, a);
    if (was_single) {
        return exp(n * select(equal(a, 1), 0, log(a)));
    }
    const Pair log = long_log(select(inside, a, 1));
    const Scalar high = select(inside, log.hi, edge);
    const Pair exact = exact_product(n, high);
    const Scalar hi = exact.hi;
    const Scalar lo = fma(n, log.lo, exact.lo);
    // Where the product left the format the low part is no number.
    const Scalar ordinary = abs(hi) < 1000;
    return times_exponential(n.number(1), hi, exponential(Pair{hi, select(ordinary, lo, 0)}));
}

Scalar power_of_double(Scalar x, Scalar n, bool was_single) {
    const Scalar is_whole = equal(floor(n), n);
    const Scalar is_odd = is_whole & ~equal(floor(n * 0.5) * 2.0, n);
    const Scalar size = size_of_power(abs(x), n, was_single);
    const Scalar signed_size = select(is_odd, copy_sign(size, x), size);
    const Scalar real = (x >= 0) | is_whole | equal(x, -infinity) | is_nan(x);
    const Scalar y = select(real, signed_size, std::numeric_limits<double>::quiet_NaN());
    const Scalar sure = equal(n, 0) | equal(x, 1) | (equal(x, -1) & equal(abs(n), infinity));
    return select(sure, 1, y);
}

Scalar hypot_of_double(Scalar x, Scalar y) {
    const Scalar a = abs(x);
    const Scalar b = abs(y);
    const Scalar high = select(a < b, b, a);
    const Scalar low = select(a < b, a, b);
    // Powers of two that bring the larger side near 1; the second may be subnormal's inverse.
    const Scalar tiny = high < 0x1p-500;
    const Scalar huge = high > 0x1p500;
    const Scalar down = select(tiny, 0x1p600, select(huge, x.number(0x1p-600), x.number(1)));
    const Scalar up = select(tiny, 0x1p-600, select(huge, x.number(0x1p600), x.number(1)));
    const Scalar u = high * down;
    const Scalar v = low * down;
    const Scalar y0 = sqrt(fma(u, u, v * v)) * up;
    return select(equal(a, infinity) | equal(b, infinity), infinity, y0);
}

}  // namespace

Scalar power(Scalar x, Scalar n) {
    const std::optional<double> number = number_of(n);
    if (number == 1.0) {
        return x;
    }
    if (number == 2.0) {
        return x * x;
    }
    if (number == 3.0) {
        return x * x * x;
    }
    if (number == -1.0) {
        return 1.0 / x;
    }
    const bool single = is_single(x);
    const auto f = [single](Scalar a, Scalar b) { return power_of_double(a, b, single); };
    return in_double(f, x, n);
}

Scalar hypot(Scalar x, Scalar y) { return in_double(hypot_of_double, x, y); }

Scalar rsqrt(Scalar x) {
    return in_double([](Scalar a) { return 1.0 / sqrt(a); }, x);
}

}  // namespace chainrule
