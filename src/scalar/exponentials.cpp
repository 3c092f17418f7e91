
#include "scalar/functions.h"
#include "scalar/precision.h"

namespace chainrule {

Scalar exp(Scalar x) { return times_exponential(x.number(1), x, exponential(x)); }

Scalar expm1(Scalar x) {
    const Exponential e = exponential(x);
    // Half of the power of two, so that the largest results do not overflow on the way.
    const Scalar half = power_of_two(e.whole - e.whole.whole(1), x);
    const Scalar y = less_one(e, half, 0.5) * 2.0;
    const double lowest = is_single(x) ? -18 : -38;  // below it -1
    const double highest = is_single(x) ? 89 : 710;
    const Scalar in_range = select(x < lowest, -1, y);
    return select(abs(x) < (is_single(x) ? 0x1p-25 : 0x1p-54), x,
                  select(x > highest, infinity, in_range));
}

Scalar scaled_expm1(double factor, Scalar x) {
    return factor == 1 ? expm1(x) : in_double([&](Scalar a) { return factor * expm1(a); }, x);
}

}  // namespace chainrule
