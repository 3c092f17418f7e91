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

}  // namespace

Scalar tanh(Scalar x) {
    const Scalar size = abs(x);
    const Scalar z = size * size;
    const std::span<const double> c = is_single(x) ? std::span<const double>(tanh_f32) : tanh_f64;
    const Scalar near = fma(size * z, estrin(z, c), size);
    const Scalar a = size * -2.0;
    const Exponential e = exponential(a);
    const Scalar power = power_of_two(e.whole, x);
    const Scalar twice = fma(e.rest, power, power) * -2.0;
    const Scalar far = twice / fma(e.rest, power, power + 1.0) + 1.0;
    const Scalar beyond = select(size > (is_single(x) ? 10 : 21), 1, far);
    return copy_sign(select(size < 0.55, near, beyond), x);
}

Scalar sigmoid(Scalar x) {
    const Scalar a = -abs(x);
    const Exponential e = exponential(a);
    const Scalar is_tail = x < 0;
    const Scalar below = times_exponential(x.number(1), a, e);
    return over_one_plus(select(is_tail, below, 1), is_tail, a, e, false);
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
