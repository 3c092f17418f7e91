#include "scalar/polynomial.h"

namespace chainrule {

Scalar polynomial(Scalar x, std::span<const double> coefficients) {
    Scalar y = x.number(coefficients.back());
    for (std::size_t i = coefficients.size() - 1; i-- > 0;) {
        y = fma(y, x, coefficients[i]);
    }
    return y;
}

Scalar power_of_two(Scalar n) {
    const bool single = is_single(n);
    const Scalar k = whole_of(n);
    return from_bits((k + k.whole(single ? 127 : 1023)) << (single ? 23 : 52));
}

}  // namespace chainrule
