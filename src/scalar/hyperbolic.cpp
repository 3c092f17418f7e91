// sinh and cosh by e^|x| - 1 and e^|x|; where that overflows before they do, by e^(|x|/2).
#include "scalar/functions.h"
#include "scalar/polynomial.h"

namespace chainrule {
namespace {

constexpr double near_overflow = 700;

Scalar sinh_f64(Scalar x) {
    const Scalar a = abs(x);
    const Scalar e = expm1(a);
    const Scalar h = exp(a * 0.5);
    return copy_sign(select(a > near_overflow, h * 0.5 * h, (e + e / (e + 1.0)) * 0.5), x);
}

Scalar cosh_f64(Scalar x) {
    const Scalar a = abs(x);
    const Scalar h = exp(a * 0.5);
    return select(a > near_overflow, h * 0.5 * h, (exp(a) + exp(-a)) * 0.5);
}

}  // namespace

Scalar sinh(Scalar x) { return in_double(sinh_f64, x); }
Scalar cosh(Scalar x) { return in_double(cosh_f64, x); }

}  // namespace chainrule
