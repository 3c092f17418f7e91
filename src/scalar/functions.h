// Elementary functions as scalar programs: additions, multiplications, divisions, square roots,
// bits.
//
//     Scalar y = chainrule::exp(x);     // f32 or f64, as x is
//
// All branches of a function are computed and one is selected, so that it runs on vectors. exp,
// expm1, log, log1p, tanh, sigmoid, softplus and silu of an f32 are computed in f32; all others
// widen it to f64, compute, and round once. Edge values (0, -0, subnormals, infinities, NaN) are
// IEEE 754's and C's; no result is flushed to 0. How far a result may be from the exact one stands
// in `elementary_functions` and is tested against MPFR.
#pragma once

#include <array>
#include <string_view>

#include "scalar/scalar.h"

namespace chainrule {

// --- exponentials.cpp ----------------------------------------------------------------------------
// e^x = 2^n * e^r, n = nearest(x / log 2), |r| <= log(2) / 2 (Cody and Waite 1980, "Software Manual
// for the Elementary Functions"); e^r by a near-minimax polynomial of our own.
Scalar exp(Scalar x);
Scalar expm1(Scalar x);                        // 2^n * (e^r - 1) + (2^n - 1)
Scalar scaled_expm1(double factor, Scalar x);  // factor * expm1(x), rounded once in f32

// --- sigmoids.cpp --------------------------------------------------------------------------------
Scalar tanh(Scalar x);  // 1 - 2 e / (1 + e), e = e^(-2 |x|); below 0.55 a polynomial
Scalar sigmoid(
    Scalar x);  // 1 / (1 + e), e = e^-|x|; e / (1 + e), in f32 1 / (1 + 1 / e), where x < 0
Scalar sigmoid_complement(Scalar x);  // 1 - sigmoid(x), e / (1 + e) with all its digits
Scalar sech_squared(Scalar x);        // 1 - tanh(x)^2 = 4 e / (1 + e)^2, of tanh's e
Scalar softplus(Scalar x);            // max(x, 0) + log1p(e^-|x|)
Scalar silu(Scalar x);  // x * sigmoid(x), the product before the exponential's underflow
Scalar sinh(Scalar x);  // e^|x| / 2 - e^-|x| / 2; below 1 the Taylor series
Scalar cosh(Scalar x);  // e^|x| / 2 + e^-|x| / 2

// --- logarithms.cpp ------------------------------------------------------------------------------
// x = 2^e * (1 + f), sqrt(1/2) <= 1 + f < sqrt(2). In f32 f - f^2/2 + f^3 P(f), P as in Cephes'
// logf; in f64 fdlibm's e_log, in s = f / (2 + f).
Scalar log(Scalar x);
Scalar log1p(Scalar x);  // log of u = 1 + x, and what the sum lost (as fdlibm's s_log1p)

// --- trigonometric.cpp ---------------------------------------------------------------------------
// x mod pi/2 by Payne and Hanek 1983, "Radian Reduction for Trigonometric Functions", for every
// number; fdlibm's k_sin and k_cos on what is left.
Scalar sin(Scalar x);
Scalar cos(Scalar x);
Scalar tan(Scalar x);  // sin / cos

// --- inverse_trigonometric.cpp -------------------------------------------------------------------
// fdlibm's e_asin, e_acos, s_atan, e_atan2.
Scalar asin(Scalar x);
Scalar acos(Scalar x);
Scalar atan(Scalar x);
Scalar atan2(Scalar y, Scalar x);

// --- error_function.cpp --------------------------------------------------------------------------
// Near 0 x * P(x^2); else e^(-x^2) * Q(t) / (1 + 2x), t = (x - 3) / (x + 3), the square in twice
// the precision (Shepherd and Laframboise 1981, "Chebyshev Approximation of (1 + 2x) exp(x^2) erfc
// x"); P and Q our own fits.
Scalar erf(Scalar x);
Scalar erfc(Scalar x);
Scalar normal_cdf(Scalar x);  // erfc(-x / sqrt(2)) / 2
Scalar normal_pdf(Scalar x);  // e^(-x^2 / 2) / sqrt(2 pi)
Scalar gaussian(Scalar x);    // e^(-x^2)
Scalar gelu(Scalar x);        // x * normal_cdf(x), the product before the exponential's underflow

// --- power.cpp -----------------------------------------------------------------------------------
// e^(n log x), the logarithm in twice the precision (for f64); C's conventions for 0, 1, infinities
// and negative x. Small whole n that are numbers become products.
Scalar power(Scalar x, Scalar n);
Scalar hypot(Scalar x, Scalar y);  // both scaled by a power of two, so that no square overflows
Scalar rsqrt(Scalar x);            // 1 / sqrt(x)

// A function of one number and the largest error it may have, in units of the exact result's last
// place.
struct ElementaryFunction {
    std::string_view name;
    Scalar (*function)(Scalar x);
    double f32_ulps;
    double f64_ulps;
};
inline constexpr std::array<ElementaryFunction, 25> elementary_functions{{
    {"exp", exp, 2, 2},
    {"expm1", expm1, 2, 2},
    {"tanh", tanh, 2, 2},
    {"sigmoid", sigmoid, 2, 2},
    {"sigmoid_complement", sigmoid_complement, 2, 2},
    {"sech_squared", sech_squared, 4, 4},  // as gradients may have
    {"softplus", softplus, 2, 2},
    {"silu", silu, 2, 2},
    {"sinh", sinh, 1, 2},
    {"cosh", cosh, 1, 2},
    {"log", log, 2, 2},
    {"log1p", log1p, 2, 2},
    {"sin", sin, 1, 2},
    {"cos", cos, 1, 2},
    {"tan", tan, 1, 4},
    {"asin", asin, 1, 2},
    {"acos", acos, 1, 2},
    {"atan", atan, 1, 2},
    {"erf", erf, 1, 4},
    {"erfc", erfc, 1, 4},
    {"normal_cdf", normal_cdf, 1, 4},
    {"normal_pdf", normal_pdf, 1, 4},
    {"gaussian", gaussian, 1, 4},
    {"gelu", gelu, 1, 4},
    {"rsqrt", rsqrt, 1, 2},
}};

struct ElementaryFunctionOfTwo {
    std::string_view name;
    Scalar (*function)(Scalar x, Scalar y);
    double f32_ulps;
    double f64_ulps;
};
inline constexpr std::array<ElementaryFunctionOfTwo, 3> elementary_functions_of_two{{
    {"power", power, 2, 4},
    {"atan2", atan2, 1, 2},
    {"hypot", hypot, 1, 2},
}};

}  // namespace chainrule
