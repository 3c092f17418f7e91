#include <numbers>

#include "scalar/functions.h"
#include "scalar/precision.h"

namespace chainrule {
namespace {

constexpr double root_half = 1 / std::numbers::sqrt2;
// From here on erfc is computed from its exponential.
constexpr double far = 0.5;

// erf(x) for |x| <= 0.51.
Scalar erf_near_zero(Scalar x) {
    static constexpr double p[] = {
        -0.37612638903183748611,    0.1128379167095465459,      -0.026866170644907650563,
        0.0052239776200499747106,   -0.00085483262759359323914, 0.00012055269814041121325,
        -0.00001492233931343335864, 1.6356772861520965297e-6,   -1.4490073084454593268e-7};
    const Scalar z = x * x;
    // 2 / sqrt(pi) = 1 + 0.128...: one rounding less than a product with it.
    return fma(x, fma(z, horner(z, p), 0.12837916709551257), x);
}

// (1 + 2a) * e^(a^2) * erfc(a), for 0.48 <= a <= 28.
Scalar scaled_erfc_polynomial(Scalar a) {
    static constexpr double p[] = {
        1.2530080582697296529,      -0.135621106124581202,       -0.047562294353451148211,
        0.12964515870276412047,     -0.11927366341527748855,     0.068308027343850865745,
        -0.023770514919543778602,   0.002529391818318807099,     0.0018886903715546349707,
        -0.00077983229546773594225, -0.00010515989301507836589,  0.00012509950856456985182,
        4.9498984521387410257e-6,   -0.000020101269774962113011, -7.3261039584476446172e-7,
        3.4745522864062581264e-6,   3.5846903488597583291e-7,    -6.2099316590198798199e-7,
        -1.4244040849484709886e-7,  1.0749384870567586953e-7,    4.0689709622367791351e-8,
        -1.7514750519326358642e-8,  -6.5468339580453799906e-9,   2.3522787642905994091e-9};
    return horner((a - 3.0) / (a + 3.0), p);
}

// factor * erfc(a) where square = a^2 and 0.48 <= a <= 28.
Scalar erfc_tail(Scalar factor, Scalar a, Pair square) {
    const Scalar c = factor * scaled_erfc_polynomial(a) / fma(a, 2.0, a.number(1));
    const Scalar x = -square.hi;
    return times_exponential(c, x, exponential(Pair{x, -square.lo}));
}

Scalar at_most(Scalar x, double highest) { return select(x > highest, highest, x); }

Scalar positive_erfc(Scalar x) {
    const Scalar a = at_most(abs(x), 28);
    return erfc_tail(a.number(1), a, exact_product(a, a));
}

// factor * P(X > |x|) of a standard normal X, for |x| >= 0.68.
Scalar normal_tail(Scalar factor, Scalar x) {
    const Scalar a = at_most(abs(x), 39.5);
    const Pair square = exact_product(a, a);
    return erfc_tail(factor * 0.5, a * root_half, {square.hi * 0.5, square.lo * 0.5});
}

Scalar erf_of_double(Scalar x) {
    const Scalar large = copy_sign(1.0 - positive_erfc(x), x);
    return select(abs(x) < far, erf_near_zero(x), large);
}
Scalar erfc_of_double(Scalar x) {
    const Scalar tail = positive_erfc(x);
    return select(abs(x) < far, 1.0 - erf_near_zero(x), select(x < 0, 2.0 - tail, tail));
}
Scalar normal_cdf_of_double(Scalar x) {
    const Scalar near = fma(erf_near_zero(x * root_half), 0.5, x.number(0.5));
    const Scalar tail = normal_tail(x.number(1), x);
    return select(abs(x) < far / root_half, near, select(x < 0, tail, 1.0 - tail));
}
Scalar normal_pdf_of_double(Scalar x) {
    const Scalar a = at_most(abs(x), 39.5);
    const Pair square = exact_product(a, a);
    const Scalar h = square.hi * -0.5;
    return times_exponential(x.number(0.3989422804014327), h,
                             exponential(Pair{h, square.lo * -0.5}));
}
Scalar gaussian_of_double(Scalar x) {
    const Scalar a = at_most(abs(x), 28);
    const Pair square = exact_product(a, a);
    return times_exponential(x.number(1), -square.hi, exponential(Pair{-square.hi, -square.lo}));
}
Scalar gelu_of_double(Scalar x) {
    const Scalar near = x * fma(erf_near_zero(x * root_half), 0.5, x.number(0.5));
    // Below -41 it underflows to the limit, -0, where -infinity * 0 would be no number.
    const Scalar left = normal_tail(select(x < -41, -41, x), x);
    const Scalar right = x * (1.0 - normal_tail(x.number(1), x));
    return select(abs(x) < far / root_half, near, select(x < 0, left, right));
}

}  // namespace

Scalar erf(Scalar x) { return in_double(erf_of_double, x); }
Scalar erfc(Scalar x) { return in_double(erfc_of_double, x); }
Scalar normal_cdf(Scalar x) { return in_double(normal_cdf_of_double, x); }
Scalar normal_pdf(Scalar x) { return in_double(normal_pdf_of_double, x); }
Scalar gaussian(Scalar x) { return in_double(gaussian_of_double, x); }
Scalar gelu(Scalar x) { return in_double(gelu_of_double, x); }

}  // namespace chainrule
