// Elementary functions as scalar programs, for f32 and f64.
//
// Bounds, in units in the last place of the result, all inputs included (tails, subnormal results, which
// are not flushed, infinities, NaN): f32 at most 2; f64 at most 2, power, tan, erf and erfc at most 4. sin,
// cos and tan hold them for |x| up to 10^6. tests/scalar holds the functions to these bounds.
//
// exp, expm1, log, log1p, sigmoid, tanh and softplus are computed in the format of their argument; of the
// others the f32 form is the f64 form, rounded once.
#pragma once

#include "scalar/scalar.h"

namespace chainrule {

Scalar exp(Scalar x);
Scalar expm1(Scalar x);  // e^x - 1
Scalar log(Scalar x);
Scalar log1p(Scalar x);  // log(1 + x)
Scalar power(Scalar x, Scalar y);
Scalar hypot(Scalar x, Scalar y);

Scalar sin(Scalar x);
Scalar cos(Scalar x);
Scalar tan(Scalar x);
Scalar asin(Scalar x);
Scalar acos(Scalar x);
Scalar atan(Scalar x);
Scalar atan2(Scalar y, Scalar x);

Scalar sinh(Scalar x);
Scalar cosh(Scalar x);
Scalar tanh(Scalar x);

Scalar erf(Scalar x);
Scalar erfc(Scalar x);

Scalar sigmoid(Scalar x);   // 1 / (1 + e^-x)
Scalar softplus(Scalar x);  // log(1 + e^x)

}  // namespace chainrule
