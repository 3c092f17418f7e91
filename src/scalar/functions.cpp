#include "scalar/functions.h"

#include <limits>
#include <span>

namespace chainrule {
namespace {

bool single(Scalar x) { return x.kind() == ScalarKind::f32; }

Scalar horner(Scalar x, std::span<const double> c) {
    Scalar y = x.number(c.back());
    for (std::size_t i = c.size() - 1; i-- > 0;) y = fma(y, x, c[i]);
    return y;
}

struct Reduced {
    Scalar n, r;
};
Reduced reduce(Scalar x) {
    const Scalar n = nearest(x * 1.4426950408889634);
    if (single(x)) return {n, fma(n, -1.428606765330187e-06, fma(n, -0.693145751953125, x))};
    return {n, fma(n, -1.90821492927058770002e-10, fma(n, -6.93147180369123816490e-01, x))};
}
Scalar power_of_two(Scalar n) {
    const int bits = single(n) ? 23 : 52;
    const int bias = single(n) ? 127 : 1023;
    const Scalar k = whole_of(n);
    return from_bits((k + k.whole(bias)) << bits);
}
Scalar scaled(Scalar y, Scalar n) {
    const Scalar half = floor(n * 0.5);
    return y * power_of_two(half) * power_of_two(n - half);
}
const double taylor[] = {1.0,
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
                         1.0 / 6227020800.0};
// (e^r - 1)
Scalar small_expm1(Scalar r) { return r * horner(r, std::span(taylor, single(r) ? 7 : 13)); }
Scalar clamp(Scalar x, double low, double high) {
    const Scalar a = select(x < low, x.number(low), x);
    return select(a > high, a.number(high), a);
}
}  // namespace

Scalar exp(Scalar x) {
    const double low = single(x) ? -104 : -746, high = single(x) ? 89 : 710;
    const auto [n, r] = reduce(clamp(x, low, high));
    return scaled(small_expm1(r) + 1.0, n);
}

Scalar expm1(Scalar x) {
    const double low = single(x) ? -20 : -40, high = single(x) ? 89 : 710;
    const auto [n, r] = reduce(clamp(x, low, high));
    const Scalar p = small_expm1(r);
    const Scalar half = floor(n * 0.5);
    const Scalar a = power_of_two(half), b = power_of_two(n - half);
    const Scalar y = fma(p * a, b, a * b - 1.0);
    const Scalar big = (p + 1.0) * a * b;
    return select(equal(x, 0), x, select(n > 60, big, y));
}

Scalar log(Scalar x) {
    const bool s1 = single(x);
    const int bits = s1 ? 23 : 52;
    const Scalar tiny = x.number(s1 ? 1.1754943508222875e-38 : 2.2250738585072014e-308);
    const Scalar is_small = x < tiny;
    const Scalar up = select(is_small, x * (s1 ? 8388608.0 : 4503599627370496.0), x);
    const Scalar offset = bits_of(x.number(0.70710678118654752));
    const Scalar k = (bits_of(up) - offset) >> bits;
    const Scalar m = from_bits(bits_of(up) - (k << bits));
    const Scalar e = real_of(k) - select(is_small, x.number(bits), 0);
    const Scalar f = m - 1.0;
    const Scalar s = f / (f + 2.0);
    const Scalar z = s * s;
    static const double odd[] = {2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9,  2.0 / 11, 2.0 / 13,
                                 2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21, 2.0 / 23};
    const Scalar R = z * horner(z, std::span(odd, s1 ? 5 : 11));
    const Scalar h = f * f * 0.5;
    const double hi = s1 ? 0.693145751953125 : 6.93147180369123816490e-01;
    const double lo = s1 ? 1.428606765330187e-06 : 1.90821492927058770002e-10;
    const Scalar y = fma(e, hi, f - (h - fma(s, h + R, e * lo)));
    const double inf = std::numeric_limits<double>::infinity();
    const Scalar a = select(equal(x, 0), x.number(-inf), y);
    const Scalar b = select(x < 0, x.number(std::numeric_limits<double>::quiet_NaN()), a);
    return select(equal(x, inf) | is_nan(x), x, b);
}

Scalar log1p(Scalar x) {
    const Scalar u = x + 1.0;
    const Scalar c = select(u > 1.0, (x + 1.0) - u, (x + 1.0) - u);
    const Scalar lost = x - (u - 1.0) + c * 0.0;
    const Scalar y = log(u) + lost / u;
    const Scalar plain = equal(u, 1.0);
    const double inf = std::numeric_limits<double>::infinity();
    return select(plain, x, select(equal(x, inf) | equal(u, 0), log(u), y));
}

Scalar tanh(Scalar x) {
    if (single(x)) {
        return tanh_f32(x);
    }
    const Scalar t = expm1(abs(x) * -2.0);
    return copy_sign(-t / (t + 2.0), x);
}

Scalar sigmoid(Scalar x) {
    if (single(x)) {
        return sigmoid_f32(x);
    }
    const Scalar e = exp(-abs(x));
    return select(x < 0, e, x.number(1)) / (e + 1.0);
}

Scalar softplus(Scalar x) { return select(x < 0, x.number(0), x) + log1p(exp(-abs(x))); }

}  // namespace chainrule
