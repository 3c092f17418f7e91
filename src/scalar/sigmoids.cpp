#include "scalar/functions.h"
#include "scalar/precision.h"

namespace chainrule {
namespace {

// (tanh(x) - x) / x^3 of z = x^2 <= 0.31.
constexpr double tanh_f32[] = {-0.333333318457115112, 0.133330927914194993, -0.0539053593459774267,
                               0.0212847232151988855, -0.00656439545258285072};
constexpr double tanh_f64[] = {
    -0.333333333333333323,    0.133333333333325552,     -0.0539682539672472652,
    0.0218694884852460102,    -0.00886323420601292967,  0.00359210788110459035,
    -0.00145564211122030485,  0.000588840042253728287,  -0.000234353148456457674,
    0.0000846571864025034755, -0.0000202898006125140748};

// c / (1 + e^x), x <= 0. Where `is_tail` c is a multiple of e^x, and the rounding of 1 + e^x is made up
// for, with `exactly` the quotient's too: with that of c they would exceed two units in the last place.
Scalar over_one_plus(Scalar c, Scalar is_tail, Scalar x, const Exponential& e, bool exactly) {
    const Scalar far = x < lowest_exponent(x);
    const Scalar sum = select(far, 1, fma(e.rest + 1.0, e.first * e.second, 1.0));
    const Scalar quotient = c / sum;
    const Scalar term = fma(e.first, e.rest, e.first) * e.second;
    const Scalar excess = (sum - 1.0) - term;  // what the rounding of the sum added
    const Scalar reciprocal = fma(term, -0.5, term.number(1));  // of the sum, nearly
    const Scalar remainder = fma(-quotient, sum, c);
    const Scalar corrected = exactly ? fma(fma(quotient, excess, remainder), reciprocal, quotient)
                                     : fma(quotient, excess * reciprocal, quotient);
    return select(is_tail & (x > (is_single(x) ? -18 : -38)), corrected, quotient);
}

// 1 / (1 + e^(-x)) in f32, by the shortest chain of dependent instructions: in a loop over training steps,
// one step waits for the other's sigmoid.
//
//     e^(-x) = 2^(y/2),   y = -2 x log2(e) = n + r,   2^(y/2) = scale * (1 + excess)
//
// With n whole and |r| <= 1/2, 2^(r/2) is a minimax polynomial of degree 5 (relative error 1.2e-9). What
// rounding log2(e) to f32 takes from r is given back to the coefficients, which are ready long before r.
// The scale is a power of two, for an odd n times `near_root`, which has so few bits that the scale + 1
// is exact: the sum is rounded once, by the last fma.
struct HalfSteps {
    Scalar x;  // 0 where it is too far for r
    Scalar r;
    Scalar k;  // floor(n / 2), a whole number
    Scalar is_odd;
};

constexpr double twice_log2_e = 2.8853900432586669921875;  // rounded to f32
constexpr double twice_log2_e_rest = 3.85192598225e-08;    // what that leaves
constexpr double near_root = 1.4140625;                    // the root of 2
constexpr double root_excess = 1.0682864e-04;              // what that leaves, relative
constexpr double furthest = 0x1p20;                        // beyond it only the sign counts
constexpr int most_exact = 12;                             // 2^-12 .. 2^12: the scale + 1 is exact
// 2^(r/2).
constexpr double half_power[] = {1.0,
                                 0.34657358859747467,
                                 0.060056542539350964,
                                 0.006938037294150543,
                                 0.0006020342464338329,
                                 4.162270453902987e-05};

HalfSteps half_steps(Scalar x) {
    const Scalar shift = x.number(shifter(x));
    const Scalar shifted = fma(x, -twice_log2_e, shift);
    const Scalar is_far = abs(x) > furthest;  // NaN stays in r
    const Scalar r = select(is_far, 0, fma(x, -twice_log2_e, -(shifted - shift)));
    const Scalar whole = bits_of(shifted);
    // Halved before they are subtracted, the bits of no number overflow; those of the shifter are even.
    return {.x = select(is_far, 0, x),
            .r = r,
            .k = (whole >> 1) - (bits_of(shift) >> 1),
            .is_odd = equal(whole & whole.whole(1), whole.whole(1))};
}

// That of -x: rounding to the nearest is symmetric.
HalfSteps mirrored(const HalfSteps& of) {
    return {-of.x, -of.r, select(of.is_odd, ~of.k, of.k.whole(0) - of.k), of.is_odd};
}

// 1 + e^(-x) - kept, over the scale; `joined` is what the excess takes from the 1.
Scalar excess(const HalfSteps& of, Scalar joined) {
    const auto given = [&](double odd, double even) {
        return select(of.is_odd, joined.number(odd), joined.number(even));
    };
    const auto coefficient = [&](std::size_t i) {
        return given(half_power[i] * (1 + root_excess), half_power[i]);
    };
    const auto& c = half_power;
    const Scalar r = of.r;
    const Scalar t = of.x * -twice_log2_e_rest;
    const Scalar c0 = fma(t, c[1], given(root_excess, 0));
    const Scalar c1 = fma(t, 2 * c[2], coefficient(1));
    const Scalar square = r * r;
    const Scalar high =
        fma(square, fma(r, c[5], r.number(c[4])), fma(r, coefficient(3), coefficient(2)));
    return fma(square, high, fma(r, c1, c0) + joined);
}

Scalar between(Scalar k, int low, int high) {
    const Scalar least = select(k < k.whole(low), k.whole(low), k);
    return select(least < k.whole(high), least, k.whole(high));
}

// The left tail keeps its digits down to the smallest subnormal: what the bounds have taken from the sum
// stands above it.
Scalar logistic(const HalfSteps& of) {
    const auto by_root = [&](double odd) {
        return select(of.is_odd, of.x.number(odd), of.x.number(1));
    };
    const Scalar n = between(of.k, -126, 126);
    const Scalar scale = scaled(by_root(near_root), n);
    // Where the scale + 1 is not exact, the smaller of the two joins the excess.
    const Scalar is_small = of.k < of.k.whole(-most_exact);
    const Scalar is_large = of.k > of.k.whole(most_exact);
    const Scalar inverse = scaled(by_root(1 / near_root), -n);
    const Scalar joined = select(is_small, 1, select(is_large, inverse, 0));
    const Scalar kept = select(is_small, 1, select(is_large, scale, scale + 1.0));
    const Scalar beyond = between(of.k - of.k.whole(126), 0, 126);
    return power_of_two(-beyond, of.x) / fma(excess(of, joined), scale, kept);
}

Scalar half_exponential(Scalar x) { return times_exponential(x.number(0.5), x, exponential(x)); }

// The Taylor series below 1.
Scalar sinh_of_double(Scalar x) {
    static constexpr double c[] = {1 / 6.0,
                                   1 / 120.0,
                                   1 / 5040.0,
                                   1 / 362880.0,
                                   1 / 39916800.0,
                                   1 / 6227020800.0,
                                   1 / 1307674368000.0,
                                   1 / 355687428096000.0,
                                   1 / 121645100408832000.0};
    const Scalar a = abs(x);
    const Scalar z = a * a;
    const Scalar e = half_exponential(a);
    return copy_sign(select(a < 1.0, fma(a * z, horner(z, c), a), e - 0.25 / e), x);
}

Scalar cosh_of_double(Scalar x) {
    const Scalar e = half_exponential(abs(x));
    return e + 0.25 / e;
}

Scalar tanh_of_single(Scalar x) {
    const Scalar size = abs(x);
    const Scalar z = size * size;
    const Scalar near = fma(size * z, estrin(z, tanh_f32), size);
    const Scalar below =
        logistic(half_steps(x.number(-2) * size));  // as tanh's gradient asks for it
    return copy_sign(select(size < 0.55, near, fma(below, -2.0, x.number(1))), x);
}

Scalar tanh_of_double(Scalar x) {
    const Scalar size = abs(x);
    const Scalar z = size * size;
    const Scalar near = fma(size * z, estrin(z, tanh_f64), size);
    const Exponential e = exponential(size * -2.0);
    const Scalar power = power_of_two(e.whole, x);
    const Scalar twice = fma(e.rest, power, power) * -2.0;
    const Scalar far = twice / fma(e.rest, power, power + 1.0) + 1.0;
    return copy_sign(select(size < 0.55, near, select(size > 21, 1, far)), x);
}

}  // namespace

Scalar tanh(Scalar x) { return is_single(x) ? tanh_of_single(x) : tanh_of_double(x); }

Scalar sigmoid(Scalar x) {
    if (is_single(x)) {
        return logistic(half_steps(x));
    }
    const Scalar a = -abs(x);
    const Exponential e = exponential(a);
    const Scalar is_tail = x < 0;
    const Scalar below = times_exponential(x.number(1), a, e);
    return over_one_plus(select(is_tail, below, 1), is_tail, a, e, false);
}

Scalar sigmoid_complement(Scalar x) {
    return is_single(x) ? logistic(mirrored(half_steps(x))) : sigmoid(-x);
}

Scalar silu(Scalar x) {
    const Scalar a = -abs(x);
    const Exponential e = exponential(a);
    const Scalar is_tail = x < 0;
    const Scalar below = times_exponential(select(x < lowest_exponent(x), -0.0, x), a, e);
    return over_one_plus(select(is_tail, below, x), is_tail, a, e, true);
}

Scalar softplus(Scalar x) { return select(x < 0, 0, x) + log1p(exp(-abs(x))); }

Scalar sinh(Scalar x) { return in_double(sinh_of_double, x); }
Scalar cosh(Scalar x) { return in_double(cosh_of_double, x); }

}  // namespace chainrule
