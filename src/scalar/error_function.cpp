// erf and erfc. The rational approximations are fdlibm's (Sun Microsystems, 1993: s_erf.c): near 0, around
// 1, up to 1/0.35 and beyond.
#include <limits>

#include "scalar/functions.h"
#include "scalar/polynomial.h"

namespace chainrule {
namespace {

constexpr double near_above[] = {1.28379167095512558561e-01, -3.25042107247001499370e-01,
                                 -2.84817495755985104766e-02, -5.77027029648944159157e-03,
                                 -2.37630166566501626084e-05};
constexpr double near_below[] = {1.0,
                                 3.97917223959155352819e-01,
                                 6.50222499887672944485e-02,
                                 5.08130628187576562776e-03,
                                 1.32494738004321644526e-04,
                                 -3.96022827877536812320e-06};
constexpr double erf_of_1 = 8.45062911510467529297e-01;
constexpr double one_above[] = {-2.36211856075265944077e-03, 4.14856118683748331666e-01,
                                -3.72207876035701323847e-01, 3.18346619901161753674e-01,
                                -1.10894694282396677476e-01, 3.54783043256182359371e-02,
                                -2.16637559486879084300e-03};
constexpr double one_below[] = {1.0,
                                1.06420880400844228286e-01,
                                5.40397917702171048937e-01,
                                7.18286544141962662868e-02,
                                1.26171219808761642112e-01,
                                1.36370839120290507362e-02,
                                1.19844998467991074170e-02};
constexpr double mid_above[] = {-9.86494403484714822705e-03, -6.93858572707181764372e-01,
                                -1.05586262253232909814e+01, -6.23753324503260060396e+01,
                                -1.62396669462573470355e+02, -1.84605092906711035994e+02,
                                -8.12874355063065934246e+01, -9.81432934416914548592e+00};
constexpr double mid_below[] = {1.0,
                                1.96512716674392571292e+01,
                                1.37657754143519042600e+02,
                                4.34565877475229228821e+02,
                                6.45387271733267880336e+02,
                                4.29008140027567833386e+02,
                                1.08635005541779435134e+02,
                                6.57024977031928170135e+00,
                                -6.04244152148580987438e-02};
constexpr double far_above[] = {-9.86494292470009928597e-03, -7.99283237680523006574e-01,
                                -1.77579549177547519889e+01, -1.60636384855821916062e+02,
                                -6.37566443368389627722e+02, -1.02509513161107724954e+03,
                                -4.83519191608651397019e+02};
constexpr double far_below[] = {1.0,
                                3.03380607434824582924e+01,
                                3.25792512996573918826e+02,
                                1.53672958608443695994e+03,
                                3.19985821950859553908e+03,
                                2.55305040643316442583e+03,
                                4.74528541206955367215e+02,
                                -2.24409524465858183362e+01};

// Of |x|: what the four ranges compute.
struct Pieces {
    Scalar near;  // erf(x) / x - 1, for |x| < 0.84375
    Scalar one;   // erf(|x|) - erf_of_1, for |x| < 1.25
    Scalar tail;  // erfc(|x|), from 1.25 on
};

Pieces pieces(Scalar a) {
    const Scalar z = a * a;
    const Scalar s = a - 1.0;
    const Scalar inverse = 1.0 / z;
    const Scalar is_mid = a < 1 / 0.35;
    const Scalar quotient =
        select(is_mid, polynomial(inverse, mid_above) / polynomial(inverse, mid_below),
               polynomial(inverse, far_above) / polynomial(inverse, far_below));
    // a^2 as the square of a number of few digits and what is left: e^(-a^2) keeps its digits.
    const Scalar bits = bits_of(a);
    const Scalar few = from_bits(bits & bits.whole(static_cast<std::int64_t>(0xffffffff00000000U)));
    const Scalar power = exp(-(few * few) - 0.5625) * exp((few - a) * (few + a) + quotient);
    return {polynomial(z, near_above) / polynomial(z, near_below),
            polynomial(s, one_above) / polynomial(s, one_below), select(a > 28, 0, power / a)};
}

Scalar erf_f64(Scalar x) {
    const Scalar a = abs(x);
    const Pieces p = pieces(a);
    const Scalar y = select(a < 1.25, p.one + erf_of_1, 1 - p.tail);
    return select(a < 0.84375, fma(x, p.near, x), select(is_nan(x), x, copy_sign(y, x)));
}

Scalar erfc_f64(Scalar x) {
    const Scalar a = abs(x);
    const Pieces p = pieces(a);
    const Scalar near = select(x < 0.25, 1 - fma(x, p.near, x), 0.5 - fma(x, p.near, x - 0.5));
    const Scalar one = select(x < 0, (1 + erf_of_1) + p.one, (1 - erf_of_1) - p.one);
    const Scalar far = select(x < 0, 2 - p.tail, p.tail);
    return select(a < 0.84375, near, select(a < 1.25, one, select(is_nan(x), x, far)));
}

}  // namespace

Scalar erf(Scalar x) { return in_double(erf_f64, x); }
Scalar erfc(Scalar x) { return in_double(erfc_f64, x); }

}  // namespace chainrule
