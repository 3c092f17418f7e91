#include <numbers>

#include "scalar/functions.h"
#include "scalar/precision.h"

namespace chainrule {
namespace {

constexpr double half_pi = std::numbers::pi / 2;
constexpr double half_pi_lo = 0x1.1a62633145c07p-54;

// (asin(x) - x) / x, of z = x^2 <= 1/4.
Scalar asin_tail(Scalar z) {
    static constexpr double p[] = {1.66666666666666657415e-01, -3.25565818622400915405e-01,
                                   2.01212532134862925881e-01, -4.00555345006794114027e-02,
                                   7.91534994289814532176e-04, 3.47933107596021167570e-05};
    static constexpr double q[] = {1, -2.40339491173441421878e+00, 2.02094576023350569471e+00,
                                   -6.88283971605453293030e-01, 7.70381505559019352791e-02};
    return z * horner(z, p) / horner(z, q);
}

// asin(sqrt(z)) = acos(|x|) / 2 of z = (1 - |x|) / 2, as a head with half the bits and what it
// lacks.
Pair half_acos(Scalar z) {
    const Scalar s = sqrt(z);
    const Scalar head = from_bits(bits_of(s) & s.whole(~0xffffffffLL));
    const Scalar rest = select(equal(z, 0), 0, fma(-head, head, z) / (s + head));
    return {head, fma(asin_tail(z), s, rest)};
}

Scalar asin_of_double(Scalar x) {
    const Scalar a = abs(x);
    const Scalar small = fma(x, asin_tail(x * x), x);
    const Pair h = half_acos(0.5 * (1.0 - a));
    const Scalar large = half_pi - 2.0 * h.hi - (2.0 * h.lo - half_pi_lo);
    return select(a < 0.5, small, copy_sign(large, x));
}

Scalar acos_of_double(Scalar x) {
    const Scalar a = abs(x);
    const Scalar small = half_pi - (x - (half_pi_lo - x * asin_tail(x * x)));
    const Pair h = half_acos(0.5 * (1.0 - a));
    const Scalar right = 2.0 * (h.hi + h.lo);
    const Scalar left = 2.0 * (half_pi - (h.hi + (h.lo - half_pi_lo)));
    return select(a < 0.5, small, select(x < 0, left, right));
}

// fdlibm's s_atan: the angle of the nearest of 0, atan(1/2), pi/4, atan(3/2), pi/2, and the rest.
Scalar atan_of_double(Scalar x) {
    static constexpr double even[] = {
        3.33333333333329318027e-01,  -1.99999999998764832476e-01, 1.42857142725034663711e-01,
        -1.11111104054623557880e-01, 9.09088713343650656196e-02,  -7.69187620504482999495e-02,
        6.66107313738753120669e-02,  -5.83357013379057348645e-02, 4.97687799461593236017e-02,
        -3.65315727442169155270e-02, 1.62858201153657823623e-02};
    struct Step {
        double from;  // |x| from here on becomes (x - c) / (1 + c x)
        double c;
        double angle, angle_lo;
    };
    static constexpr Step steps[] = {
        {7.0 / 16, 0.5, 4.63647609000806093515e-01, 2.26987774529616870924e-17},
        {11.0 / 16, 1, 7.85398163397448278999e-01, 3.06161699786838301793e-17},
        {19.0 / 16, 1.5, 9.82793723247329054082e-01, 1.39033110312309984516e-17}};
    const Scalar a = abs(x);
    Scalar top = a;
    Scalar bottom = a.number(1);
    Scalar angle = a.number(0);
    Scalar angle_lo = angle;
    for (const Step& step : steps) {
        const Scalar here = a >= step.from;
        top = select(here, a - step.c, top);
        bottom = select(here, fma(a, step.c, a.number(1)), bottom);
        angle = select(here, step.angle, angle);
        angle_lo = select(here, step.angle_lo, angle_lo);
    }
    const Scalar far = a >= 39.0 / 16;
    const Scalar t = select(far, -1, top) / select(far, a, bottom);
    const Scalar z = t * t;
    const Scalar tail = t * (z * horner(z, even));
    const Scalar lo = select(far, half_pi_lo, angle_lo);
    const Scalar y = select(far, half_pi, angle) - ((tail - lo) - t);
    return copy_sign(y, x);
}

Scalar atan2_of_double(Scalar y, Scalar x) {
    const Scalar a = abs(y);
    const Scalar b = abs(x);
    const Scalar both = equal(a, infinity) & equal(b, infinity);
    const Scalar ratio = select(both, 1, select(equal(a, 0) & ~is_nan(x), 0, a / b));
    const Scalar z = atan_of_double(ratio);
    const Scalar left = 2 * half_pi - (z - 2 * half_pi_lo);
    const Scalar is_left = copy_sign(x.number(1), x) < 0;
    return copy_sign(select(is_left, left, z), y);
}

}  // namespace

Scalar asin(Scalar x) { return in_double(asin_of_double, x); }
Scalar acos(Scalar x) { return in_double(acos_of_double, x); }
Scalar atan(Scalar x) { return in_double(atan_of_double, x); }
Scalar atan2(Scalar y, Scalar x) { return in_double(atan2_of_double, y, x); }

}  // namespace chainrule
