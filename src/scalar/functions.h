// Elementary functions as scalar programs.
#pragma once

#include "scalar/scalar.h"

namespace chainrule {

Scalar exp(Scalar x);
Scalar expm1(Scalar x);
Scalar log(Scalar x);
Scalar log1p(Scalar x);
Scalar tanh(Scalar x);
Scalar sigmoid(Scalar x);
Scalar softplus(Scalar x);

// Of f32 alone.
Scalar sigmoid_f32(Scalar x);
Scalar tanh_f32(Scalar x);

}  // namespace chainrule
