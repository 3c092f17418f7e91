// The elementary functions by MPFR (Fousse and others 2007, "MPFR: A Multiple-Precision Binary
// Floating-Point Library with Correct Rounding"), in 128 bits, as a sum of two doubles.
#pragma once

#include <string_view>

namespace chainrule {

// The value is high + low; low is 0 where high is no ordinary number.
struct Exact {
    double high = 0;
    double low = 0;
};

// A function of `elementary_functions` or, with y, of `elementary_functions_of_two`.
Exact exact_value(std::string_view function, double x, double y = 0);

}  // namespace chainrule
