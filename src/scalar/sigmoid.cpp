// The logistic function and the hyperbolic tangent; in f32 by the shortest chain of dependent instructions:
// in a loop over training steps, one step waits for the other's sigmoid.
//
//     sigmoid(z) = 1 / (1 + 2^(y/2)),   y = -2 z log2(e) = n + r,   2^(y/2) = 2^(n/2) * 2^(r/2)
//
// With n whole and |r| <= 1/2, 2^(r/2) is a minimax polynomial of degree 5 (relative error 1.2e-9). What
// rounding log2(e) to f32 takes from r is given back to the coefficients, which are ready long before r.
#include "scalar/functions.h"
#include "scalar/polynomial.h"

namespace chainrule {
namespace {

constexpr double twice_log2_e = 2.8853900432586669921875;  // rounded to f32
constexpr double twice_log2_e_rest = 3.85192598225e-08;    // what that leaves
constexpr double root_of_2 = 1.41421353816986083984375;    // rounded to f32
constexpr double root_of_2_rest = 1.7114e-08;              // what that leaves, relative
// Added to a number below 2^22, it leaves the nearest whole number in the last bits.
constexpr double rounder = 12582912;  // 1.5 * 2^23
constexpr double c[] = {1.0,
                        0.34657358859747467,
                        0.060056542539350964,
                        0.006938037294150543,
                        0.0006020342464338329,
                        4.162270453902987e-05};
// tanh(x) / x in x^2, minimax for |x| <= 0.65 (relative error 2.4e-10).
constexpr double odd[] = {1.0,
                          -0.3333332774644582,
                          0.13333119233400206,
                          -0.05393723359911259,
                          0.02165263403559617,
                          -0.008065133290525484,
                          0.0020446049910144387};

Scalar smaller(Scalar a, Scalar b) { return select(a < b, a, b); }
Scalar larger(Scalar a, Scalar b) { return select(a < b, b, a); }

struct Split {
    Scalar whole;  // of y, in the last bits of `rounder`'s
    Scalar rest;
    Scalar z;  // 0 where that is far
};

// Beyond 2^20 only the size of z counts; NaN stays in `rest`.
Split split(Scalar z) {
    const Scalar shifted = fma(z, -twice_log2_e, z.number(rounder));
    const Scalar rest = fma(z, -twice_log2_e, -(shifted - rounder));
    const Scalar far = abs(z) > 1048576.0;
    return {bits_of(shifted), select(far, 0, rest), select(far, 0, z)};
}

// 2^k of a whole k in -126 .. 127.
Scalar power_of_whole(Scalar k) { return from_bits((k + k.whole(127)) << 23); }

struct Denominator {
    Scalar value;   // 1 + 2^(y/2), the power at most 2^126
    Scalar beyond;  // how many doublings that has left out
};

Denominator denominator(Scalar z) {
    const auto [whole, r, near_z] = split(z);
    // Halved before they are subtracted, the bits of no number overflow; those of `rounder` are even.
    const Scalar k = (whole >> 1) - (bits_of(z.number(rounder)) >> 1);
    const Scalar near = smaller(larger(k, k.whole(-126)), k.whole(126));
    const Scalar is_even = equal(whole & whole.whole(1), whole.whole(0));
    const Scalar half = select(is_even, 1, z.number(root_of_2));
    const Scalar scale = power_of_whole(near) * half;
    const Scalar one = z.number(1);
    const Scalar t = near_z * -twice_log2_e_rest;
    const Scalar c0 = fma(t, c[1], select(is_even, 0, z.number(root_of_2_rest)));
    const Scalar c1 = fma(t, 2 * c[2], z.number(c[1]));
    const Scalar r2 = r * r;
    const Scalar low = fma(r, c1, c0);
    const Scalar middle = fma(r, c[3], z.number(c[2]));
    const Scalar high = fma(r, c[5], z.number(c[4]));
    // 2^(r/2) - 1: in a sum with 1 its last digits would be lost.
    const Scalar excess = fma(r2, fma(r2, high, middle), low);
    // Of 1 and the scale the smaller one joins the excess, so that only the last sum rounds.
    const Scalar is_large = one < scale;
    return {fma(excess, scale, select(is_large, one, scale)) + select(is_large, scale, one),
            smaller(larger(k - k.whole(126), k.whole(0)), k.whole(126))};
}

// The left tail keeps its digits down to the smallest subnormal: what the denominator has left out stands
// above it.
Scalar sigmoid_f32(Scalar z) {
    const auto [value, beyond] = denominator(z);
    return power_of_whole(-beyond) / value;
}

// 1 - 2 / (1 + e^(2|x|)), near 0 a polynomial.
Scalar tanh_f32(Scalar x) {
    const Scalar far = fma(x.number(1) / denominator(abs(x) * -2.0).value, -2.0, x.number(1));
    const Scalar u = x * x;
    const Scalar u2 = u * u;
    const Scalar a = fma(u, odd[1], x.number(odd[0]));
    const Scalar b = fma(u, odd[3], x.number(odd[2]));
    const Scalar d = fma(u, odd[5], x.number(odd[4]));
    const Scalar near = fma(u2, fma(u2, fma(u2, odd[6], d), b), a) * x;
    return select(abs(x) < 0.65, near, copy_sign(far, x));
}

}  // namespace

Scalar sigmoid(Scalar x) {
    if (is_single(x)) {
        return sigmoid_f32(x);
    }
    const Scalar e = exp(-abs(x));
    return select(x < 0, e, x.number(1)) / (e + 1.0);
}

Scalar tanh(Scalar x) {
    if (is_single(x)) {
        return tanh_f32(x);
    }
    const Scalar t = expm1(abs(x) * -2.0);
    return copy_sign(-t / (t + 2.0), x);
}

}  // namespace chainrule
