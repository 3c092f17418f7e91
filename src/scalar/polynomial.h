// What the files of the elementary functions share.
#pragma once

#include <span>

#include "scalar/scalar.h"

namespace chainrule {

inline bool is_single(Scalar x) { return x.kind() == ScalarKind::f32; }

// coefficients[0] + x * (coefficients[1] + x * ...), by Horner.
Scalar polynomial(Scalar x, std::span<const double> coefficients);

// 2^n of a whole number n that is given as a real, from the smallest normal power on.
Scalar power_of_two(Scalar n);

// f in double precision, of f32 too, whose result is then rounded once.
template <class F, class... Scalars>
Scalar in_double(const F& f, Scalar x, Scalars... others) {
    return is_single(x) ? narrow(f(widen(x), widen(others)...)) : f(x, others...);
}

}  // namespace chainrule
