#include <numbers>

#include "scalar/functions.h"
#include "scalar/precision.h"

namespace chainrule {
namespace {

// (tanh(x) - x) / x^3 of z = x^2 <= 0.31.
constexpr double tanh_f32[] = {-0.333329466364108412, 0.133207250522307034, -0.0526718132776179773,
                               0.0164375806660243965};
constexpr double tanh_f64[] = {
    -0.333333333333333323,    0.133333333333325552,     -0.0539682539672472652,
    0.0218694884852460102,    -0.00886323420601292967,  0.00359210788110459035,
    -0.00145564211122030485,  0.000588840042253728287,  -0.000234353148456457674,
    0.0000846571864025034755, -0.0000202898006125140748};

// c / (1 + e^x), x <= 0. Where `is_tail` c is a multiple of e^x, and the rounding of 1 + e^x is
// made up for, with `exactly` the quotient's too: with that of c they would exceed two units in the
// last place.
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

// 1 / (1 + e^y) in f32, by a short chain of dependent instructions: in a loop over training steps,
// one step waits for the other's sigmoid.
//
//     y = n log(2) + r,   e^r = 1 + r + r^2 (a + r^2 b)
//     1 / (1 + e^y) = p / (p + q e^r),   q / p = 2^n
//
// p and q share n between them: both are normal numbers, and a quotient that is not is rounded
// once. They are multiples by 3/2 of powers of two. Where the quotient is just below a power of
// two, so that its last place weighs most, the denominator is just above one, and would be where
// its own last place weighs most, too. So the denominator's sums may be rounded.
//
// The polynomial is minimax of degree 6 on |r| <= log(2) / 2 (relative error 3.1e-9). Its a is
// linear; its b is t^2 + `b_rest` with a linear t, which is made of y and n as r is, and is ready
// as soon: the way from r to the denominator is three fused operations.
struct WholeSteps {
    Scalar y;
    Scalar half_n;
    Scalar r;
    Scalar square;  // of all of r
    Scalar t;
    Scalar p;
    Scalar q;
    Scalar is_far;
};

constexpr double log_2 = 0x1.62e43p-1;                 // a multiple of 2^-21
constexpr double log_2_rest = -0x1.05c610ca86c39p-29;  // what that leaves
constexpr double a_terms[] = {0.49999993432119787, 0.16666520399055328};
constexpr double t_terms[] = {0.11258022945844617, 0.037167916373841872};
constexpr double b_rest = 0.028994082720618727;

// (e^r - 1 - r) / r^2.
Scalar second_order(Scalar r, Scalar t, Scalar square) {
    const Scalar a = fma(r, a_terms[1], r.number(a_terms[0]));
    return fma(square, fma(t, t, b_rest), a);
}

constexpr double furthest = 0x1p20;  // beyond it only the sign of y counts, as n is no longer exact
constexpr int most_steps = 250;      // p and q are normal; 2^-250 is 0

// Of y = -x.
WholeSteps whole_steps(Scalar x) {
    // By a factor below 1, which a factor of x can take without overflow (scale_early).
    const Scalar shift = x.number(shifter(x) / 2);
    const Scalar shifted = fma(x, -0.5 / std::numbers::ln2, shift);
    const Scalar half_n = shifted - shift;
    const Scalar t_of_y = fma(x, -t_terms[1], x.number(t_terms[0]));
    // The bits of a shifted number end in n; shifted left, they are 2^n's exponent, or end in it.
    const Scalar first = bits_of(shift) - x.whole(most_steps);
    const Scalar last = bits_of(shift) + x.whole(most_steps);
    const Scalar from_first = select(bits_of(shifted) < first, first, bits_of(shifted));
    const Scalar whole = select(last < from_first, last, from_first);
    const Scalar half = (whole << 22) & x.whole(-(1 << 23));
    const Scalar unit = bits_of(x.number(1.5));
    const Scalar r = fma(half_n, -2 * log_2, -x);
    return {.y = -x,
            .half_n = half_n,
            .r = r,
            .square = fma(r, r, half_n * (-4 * log_2_rest)),
            .t = fma(half_n, -2 * std::numbers::ln2 * t_terms[1], t_of_y),
            .p = from_bits(unit - half),
            .q = from_bits(unit + ((whole << 23) - half)),
            .is_far = abs(x) > furthest};  // NaN is not
}

// That of -y: rounding to the nearest is symmetric.
WholeSteps mirrored(const WholeSteps& of) {
    const Scalar t_of_y = fma(of.y, -t_terms[1], of.y.number(t_terms[0]));
    return {.y = -of.y,
            .half_n = -of.half_n,
            .r = -of.r,
            .square = fma(of.r, of.r, -(of.half_n * (-4 * log_2_rest))),
            .t = fma(of.half_n, 2 * std::numbers::ln2 * t_terms[1], t_of_y),
            .p = of.q,
            .q = of.p,
            .is_far = of.is_far};
}

Scalar logistic(const WholeSteps& of) {
    constexpr double most_exact = 22;  // 3/2 (1 + 2^-22) is exact
    // A smaller p joins the square instead, whose coefficient is about 1/2.
    const Scalar joins = of.half_n > most_exact / 2;
    const Scalar joined = select(joins, 2.0 * of.p, 0);
    const Scalar kept = select(joins, of.q, of.q + of.p);
    const Scalar sum = fma(fma(of.square, of.q, joined), second_order(of.r, of.t, of.square),
                           fma(of.q, of.r, kept));
    const Scalar greater = select(of.p < of.q, of.q, of.p);
    return of.p / select(of.is_far, greater, sum);
}

// value * 2^-steps, for at most 200 steps.
Scalar halved(double value, Scalar steps, Scalar like) {
    constexpr double reserve = 0x1p90;  // keeps the bits normal
    return from_bits(bits_of(like.number(value * reserve)) - (steps << 23)) * (1 / reserve);
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

// 4 / (1 + e^(2 size)), size >= 0. What tanh and its derivative take from it weighs less the larger
// it is, so that its sums are as they come.
Scalar four_tails(Scalar size) {
    constexpr int most = 160;  // 2^-160 is 0
    const Scalar shift = size.number(shifter(size));
    const Scalar shifted = bits_of(fma(size, 2 / std::numbers::ln2, shift));
    const Scalar last = bits_of(shift) + shifted.whole(most);
    const Scalar whole = select(shifted < last, shifted, last);  // NaN stays in r
    const Scalar n = from_bits(whole) - shift;
    const Scalar r = fma(n, -log_2, 2.0 * size);
    const Scalar t =
        fma(n, -std::numbers::ln2 * t_terms[1], fma(size, 2 * t_terms[1], size.number(t_terms[0])));
    const Scalar power = halved(4, whole - bits_of(shift), size);
    const Scalar square = fma(r, r, n * (-2 * log_2_rest));
    const Scalar sum =
        fma(square, second_order(r, t, square), fma(power, 0.25, size.number(1)) + r);
    return power / sum;
}

Scalar tanh_of_single(Scalar x) {
    const Scalar size = abs(x);
    const Scalar far = fma(four_tails(size), -0.5, x.number(1));
    const Scalar z = size * size;
    const Scalar near = fma(size * z, estrin(z, tanh_f32), size);
    return copy_sign(select(size < 0.55, near, far), x);
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

Scalar sech_squared(Scalar x) {
    const Scalar size = abs(x);
    const Scalar tails = is_single(x) ? four_tails(size) : 4.0 * sigmoid_complement(2.0 * size);
    return fma(-0.25 * tails, tails, tails);
}

Scalar sigmoid(Scalar x) {
    if (is_single(x)) {
        return logistic(whole_steps(x));
    }
    const Scalar a = -abs(x);
    const Exponential e = exponential(a);
    const Scalar is_tail = x < 0;
    const Scalar below = times_exponential(x.number(1), a, e);
    return over_one_plus(select(is_tail, below, 1), is_tail, a, e, false);
}

Scalar sigmoid_complement(Scalar x) {
    return is_single(x) ? logistic(mirrored(whole_steps(x))) : sigmoid(-x);
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
