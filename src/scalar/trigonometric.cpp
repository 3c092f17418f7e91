#include <algorithm>
#include <numbers>
#include <vector>

#include "scalar/functions.h"
#include "scalar/precision.h"

namespace chainrule {
namespace {

// 2 / pi in base 2^16, from the digit before the point.
constexpr int two_over_pi[] = {
    0x0,    0xa2f9, 0x836e, 0x4e44, 0x1529, 0xfc27, 0x57d1, 0xf534, 0xddc0, 0xdb62, 0x9599, 0x3c43,
    0x9041, 0xfe51, 0x63ab, 0xdebb, 0xc561, 0xb724, 0x6e3a, 0x424d, 0xd2e0, 0x0649, 0x2eea, 0x09d1,
    0x921c, 0xfe1d, 0xeb1c, 0xb129, 0xa73e, 0xe882, 0x35f5, 0x2ebb, 0x4484, 0xe99c, 0x7026, 0xb45f,
    0x7e41, 0x3991, 0xd639, 0x8353, 0x39f4, 0x9c84, 0x5f8b, 0xbdf9, 0x283b, 0x1ff8, 0x97ff, 0xde05,
    0x980f, 0xef2f, 0x118b, 0x5a0a, 0x6d1f, 0x6d36, 0x7ecf, 0x27cb, 0x09b7, 0x4f46, 0x3f66, 0x9e5f,
    0xea2d, 0x7527, 0xbac7, 0xebe5, 0xf17b, 0x3d07, 0x39f7, 0x8a52, 0x92ea, 0x6bfb, 0x5fb1, 0x1f8d,
    0x5d08, 0x5603, 0x3046, 0xfc7b, 0x6bab, 0xf0cf};

// Element i: digits i, i + 1 and i + 2, the first of them whole.
std::uint32_t chunks_of_two_over_pi(ScalarProgram& program) {
    std::vector<double> chunks;
    for (std::size_t i = 0; i + 2 < std::size(two_over_pi); ++i) {
        chunks.push_back(two_over_pi[i] + two_over_pi[i + 1] * 0x1p-16 +
                         two_over_pi[i + 2] * 0x1p-32);
    }
    return program.table(std::move(chunks));
}

// A sum to three times the precision.
class LongSum {
public:
    explicit LongSum(Scalar zero) : high_(zero), middle_(zero), low_(zero) {}
    void add(Scalar term) {
        const Pair first = exact_sum(high_, term);
        const Pair second = exact_sum(middle_, first.lo);
        high_ = first.hi;
        middle_ = second.hi;
        low_ = low_ + second.lo;
    }
    Scalar high() const { return high_; }
    // The sum less `whole`, which is near it.
    Pair less(Scalar whole) const {
        const Pair s = exact_sum(high_ - whole, middle_);
        return quick_sum(s.hi, s.lo + low_);
    }

private:
    Scalar high_, middle_, low_;
};

Scalar modulo_four(Scalar x) { return fma(nearest(x * 0.25), -4.0, x); }

// |x| = quadrant * pi/2 + angle, |angle| <= pi/4 (the quadrant modulo 4, in the low bits).
struct Reduced {
    Scalar quadrant;
    Pair angle;
};

// x * 2/pi modulo 4: x is a multiple of 2^(16 k), and the digits of 2/pi that make multiples of 4
// with it are left out. Of an x that was an f32 fewer digits count.
Reduced reduce(Scalar a, bool was_single) {
    const std::uint32_t table = chunks_of_two_over_pi(*a.program);
    const Scalar exponent = shift_right_logical(bits_of(a), 52) - a.whole(1023);
    const Scalar step = (exponent - a.whole(was_single ? 23 : 52)) >> 4;
    const Scalar k = select(real_of(step) < 0, a.whole(0), step);
    const Scalar m = a * power_of_two(-(k << 4), a);
    LongSum turns(a.number(0));
    double weight = 1;
    for (int chunk = 0; chunk < (was_single ? 3 : 5); ++chunk, weight *= 0x1p-48) {
        const Scalar digits = lookup(table, k + k.whole(3 * chunk), a.kind()) * weight;
        const Pair product = exact_product(m, digits);
        turns.add(chunk < 2 ? modulo_four(product.hi) : product.hi);
        turns.add(chunk < 1 ? modulo_four(product.lo) : product.lo);
    }
    const Scalar quarter = nearest(turns.high());
    const Pair half_pi{a.number(0x1.921fb54442d18p0), a.number(0x1.1a62633145c07p-54)};
    const Pair angle = turns.less(quarter) * half_pi;
    const Scalar small = a < std::numbers::pi / 4;
    return {bits_of(select(small, 0, quarter) + 0x1.8p52),
            {select(small, a, angle.hi), select(small, 0, angle.lo)}};
}

// fdlibm's k_sin and k_cos.
Scalar sin_near_zero(Pair x) {
    static constexpr double s[] = {8.33333333332248946124e-03, -1.98412698298579493134e-04,
                                   2.75573137070700676789e-06, -2.50507602534068634195e-08,
                                   1.58969099521155010221e-10};
    const Scalar z = x.hi * x.hi;
    const Scalar v = z * x.hi;
    const Scalar r = horner(z, s);
    return x.hi - ((z * (0.5 * x.lo - v * r) - x.lo) - v * -1.66666666666666324348e-01);
}
Scalar cos_near_zero(Pair x) {
    static constexpr double c[] = {4.16666666666666019037e-02, -1.38888888888741095749e-03,
                                   2.48015872894767294178e-05, -2.75573143513906633035e-07,
                                   2.08757232129817482790e-09, -1.13596475577881948265e-11};
    const Scalar z = rounded_product(x.hi, x.hi);
    const Scalar r = z * horner(z, c);
    const Scalar w = fma(z, -0.5, z.number(1));
    return w + (fma(z, -0.5, 1.0 - w) + (z * r - x.hi * x.lo));
}

Scalar with_sign_bit(Scalar x, Scalar whole, int bit) {
    return from_bits(bits_of(x) ^ ((whole << (63 - bit)) & bits_of(x.number(-0.0))));
}
Scalar is_odd(Scalar quadrant) { return equal(real_of(quadrant & quadrant.whole(1)), 1); }

// sin(|x| + shift * pi/2).
Scalar shifted_sin(Scalar x, bool was_single, int shift) {
    const Reduced r = reduce(abs(x), was_single);
    const Scalar quadrant = r.quadrant + r.quadrant.whole(shift);
    const Scalar y = select(is_odd(quadrant), cos_near_zero(r.angle), sin_near_zero(r.angle));
    return with_sign_bit(y, quadrant, 1);
}

Scalar tan_of_double(Scalar x, bool was_single) {
    const Reduced r = reduce(abs(x), was_single);
    const Scalar s = sin_near_zero(r.angle);
    const Scalar c = cos_near_zero(r.angle);
    const Scalar odd = is_odd(r.quadrant);
    const Scalar y = select(odd, -c, s) / select(odd, s, c);
    return from_bits(bits_of(y) ^ (bits_of(x) & bits_of(x.number(-0.0))));
}

}  // namespace

Scalar sin(Scalar x) {
    const bool single = is_single(x);
    const auto f = [single](Scalar a) {
        const Scalar y = shifted_sin(a, single, 0);
        return from_bits(bits_of(y) ^ (bits_of(a) & bits_of(a.number(-0.0))));
    };
    return in_double(f, x);
}

Scalar cos(Scalar x) {
    const bool single = is_single(x);
    return in_double([single](Scalar a) { return shifted_sin(a, single, 1); }, x);
}

Scalar tan(Scalar x) {
    const bool single = is_single(x);
    return in_double([single](Scalar a) { return tan_of_double(a, single); }, x);
}

}  // namespace chainrule
