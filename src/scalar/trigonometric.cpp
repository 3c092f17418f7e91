// sin, cos, tan and their inverses. The kernels' coefficients are fdlibm's (Sun Microsystems, 1993:
// k_sin.c, k_cos.c, e_asin.c, s_atan.c).
//
// An argument is reduced by multiples of pi/2, given as the sum of two doubles, with one fma each. That
// holds the bounds up to 10^6; beyond, the absolute error grows with the argument.
#include <limits>

#include "scalar/functions.h"
#include "scalar/polynomial.h"

namespace chainrule {
namespace {

constexpr double pi = 3.141592653589793116;
constexpr double half_pi = 1.5707963267948966192;
constexpr double half_pi_rest = 6.123233995736766036e-17;

constexpr double sine[] = {-1.66666666666666324348e-01, 8.33333333332248946124e-03,
                           -1.98412698298579493134e-04, 2.75573137070700676789e-06,
                           -2.50507602534068634195e-08, 1.58969099521155010221e-10};
constexpr double cosine[] = {4.16666666666666019037e-02, -1.38888888888741095749e-03,
                             2.48015872894767294178e-05, -2.75573143513906633035e-07,
                             2.08757232129817482790e-09, -1.13596475577881948265e-11};
constexpr double asin_above[] = {1.66666666666666657415e-01, -3.25565818622400915405e-01,
                                 2.01212532134862925881e-01, -4.00555345006794114027e-02,
                                 7.91534994289814532176e-04, 3.47933107596021167570e-05};
constexpr double asin_below[] = {1.0, -2.40339491173441421878e+00, 2.02094576023350569471e+00,
                                 -6.88283971605453293030e-01, 7.70381505559019352791e-02};
constexpr double arctangent[] = {
    3.33333333333329318027e-01,  -1.99999999998764832476e-01, 1.42857142725034663711e-01,
    -1.11111104054623557880e-01, 9.09088713343650656196e-02,  -7.69187620504482999495e-02,
    6.66107313738753120669e-02,  -5.83357013379057348645e-02, 4.97687799461593236017e-02,
    -3.65315727442169155270e-02, 1.62858201153657823623e-02};

struct Reduced {
    Scalar quadrant;  // a whole number
    Scalar sine;      // of the rest
    Scalar cosine;
};

Reduced reduced(Scalar x) {
    const Scalar n = nearest(x * (1 / half_pi));
    const Scalar r = fma(n, -half_pi_rest, fma(n, -half_pi, x));
    const Scalar z = r * r;
    return {whole_of(n), fma(r * z, polynomial(z, sine), r),
            fma(z * z, polynomial(z, cosine), fma(z, -0.5, z.number(1)))};
}

Scalar bit_is_set(Scalar whole, std::int64_t bit) {
    return ~equal(whole & whole.whole(bit), whole.whole(0));
}

Scalar sin_f64(Scalar x) {
    const Reduced at = reduced(x);
    const Scalar y = select(bit_is_set(at.quadrant, 1), at.cosine, at.sine);
    // sin(-0) is -0.
    return select(equal(x, 0), x, select(bit_is_set(at.quadrant, 2), -y, y));
}

Scalar cos_f64(Scalar x) {
    const Reduced at = reduced(x);
    const Scalar y = select(bit_is_set(at.quadrant, 1), at.sine, at.cosine);
    const Scalar turned = at.quadrant + at.quadrant.whole(1);
    return select(bit_is_set(turned, 2), -y, y);
}

Scalar tan_f64(Scalar x) {
    const Reduced at = reduced(x);
    const Scalar odd = bit_is_set(at.quadrant, 1);
    const Scalar y = select(odd, -at.cosine, at.sine) / select(odd, at.sine, at.cosine);
    return select(equal(x, 0), x, y);
}

// asin(x) - x over x, of z = x^2 <= 1/4.
Scalar asin_excess(Scalar z) { return z * polynomial(z, asin_above) / polynomial(z, asin_below); }

Scalar asin_f64(Scalar x) {
    const Scalar a = abs(x);
    const Scalar far = a > 0.5;
    const Scalar z = select(far, (1 - a) * 0.5, a * a);
    const Scalar s = select(far, sqrt(z), a);
    const Scalar y = fma(s, asin_excess(z), s);
    return copy_sign(select(far, fma(y, -2.0, y.number(half_pi)), y), x);
}

Scalar acos_f64(Scalar x) {
    const Scalar a = abs(x);
    const Scalar far = a > 0.5;
    const Scalar z = select(far, (1 - a) * 0.5, a * a);
    const Scalar s = select(far, sqrt(z), x);
    const Scalar y = fma(s, asin_excess(z), s);
    const Scalar twice = y * 2.0;
    return select(far, select(x < 0, pi - twice, twice), half_pi - (y - 6.123233995736766036e-17));
}

Scalar atan_f64(Scalar x) {
    const Scalar a = abs(x);
    const Scalar far = a > 2.414213562373095;
    const Scalar middle = a > 0.4142135623730951;
    const Scalar t = select(far, -1.0 / a, select(middle, (a - 1.0) / (a + 1.0), a));
    const Scalar base =
        select(far, a.number(half_pi), select(middle, a.number(half_pi / 2), a.number(0)));
    const Scalar z = t * t;
    const Scalar y = base + fma(-(t * z), polynomial(z, arctangent), t);
    return copy_sign(
        select(equal(a, std::numeric_limits<double>::infinity()), a.number(half_pi), y), x);
}

Scalar atan2_f64(Scalar y, Scalar x) {
    const Scalar a = abs(y);
    const Scalar b = abs(x);
    const Scalar steep = a > b;
    const Scalar low = select(steep, b, a);
    const Scalar high = select(steep, a, b);
    const Scalar ratio =
        select(equal(low, high), select(equal(low, 0), 0, low.number(1)), low / high);
    const Scalar flat = atan_f64(ratio);
    const Scalar turned = select(steep, half_pi - flat, flat);
    const Scalar leftwards = bits_of(x) < bits_of(x).whole(0);
    const Scalar angle = copy_sign(select(leftwards, pi - turned, turned), y);
    return select(is_nan(x) | is_nan(y), x + y, angle);
}

}  // namespace

Scalar sin(Scalar x) { return in_double(sin_f64, x); }
Scalar cos(Scalar x) { return in_double(cos_f64, x); }
Scalar tan(Scalar x) { return in_double(tan_f64, x); }
Scalar asin(Scalar x) { return in_double(asin_f64, x); }
Scalar acos(Scalar x) { return in_double(acos_f64, x); }
Scalar atan(Scalar x) { return in_double(atan_f64, x); }
Scalar atan2(Scalar y, Scalar x) { return in_double(atan2_f64, y, x); }

}  // namespace chainrule
