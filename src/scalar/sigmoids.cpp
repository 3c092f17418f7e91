#include "scalar/functions.h"
#include "scalar/precision.h"

namespace chainrule {
namespace {

// 1 + e^x for x <= 0, of the parts of e^x.
Scalar one_plus(Scalar x, const Exponential& e) {
    const Scalar sum = fma(e.rest + 1.0, e.first * e.second, 1.0);
    return select(x < lowest_exponent(x), 1, sum);
}

Scalar half_exponential(Scalar x) { return times_exponential(x.number(0.5), x, exponential(x)); }

Scalar sinh_of_double(Scalar x) {
    const Scalar a = abs(x);
    const Scalar t = expm1(a);
    const Scalar small = 0.5 * (t + t / (t + 1.0));
    const Scalar e = half_exponential(a);
    return copy_sign(select(a < 1.0, small, e - 0.25 / e), x);
}

Scalar cosh_of_double(Scalar x) {
    const Scalar e = half_exponential(abs(x));
    return e + 0.25 / e;
}

}  // namespace

Scalar tanh(Scalar x) {
    const Scalar a = abs(x) * -2.0;
    const Exponential e = exponential(a);
    const Scalar power = power_of_two(e.whole, x);
    const Scalar is_near = abs(x) < 0.55;
    const Scalar far = fma(e.rest, power, power) * -2.0;
    const Scalar quotient =
        select(is_near, -less_one(e, power, 1), far) / fma(e.rest, power, power + 1.0);
    const Scalar y = select(is_near, quotient, quotient + 1.0);
    const Scalar size = select(a < (is_single(x) ? -20 : -42), 1, y);
    return select(abs(x) < (is_single(x) ? 0x1p-13 : 0x1p-28), x, copy_sign(size, x));
}

Scalar sigmoid(Scalar x) {
    const Scalar a = -abs(x);
    const Exponential e = exponential(a);
    const Scalar numerator = times_exponential(x.number(1), a, e);
    return select(x < 0, numerator, 1) / one_plus(a, e);
}

Scalar silu(Scalar x) {
    const Scalar a = -abs(x);
    const Exponential e = exponential(a);
    const Scalar below = times_exponential(select(x < lowest_exponent(x), -0.0, x), a, e);
    return select(x < 0, below, x) / one_plus(a, e);
}

Scalar softplus(Scalar x) { return select(x < 0, 0, x) + log1p(exp(-abs(x))); }

Scalar sinh(Scalar x) { return in_double(sinh_of_double, x); }
Scalar cosh(Scalar x) { return in_double(cosh_of_double, x); }

}  // namespace chainrule
