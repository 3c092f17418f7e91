#include "scalar/precision.h"

#include <bit>
#include <limits>
#include <vector>

namespace chainrule {
namespace {

int mantissa_bits(Scalar like) { return is_single(like) ? 23 : 52; }
int bias(Scalar like) { return is_single(like) ? 127 : 1023; }
// Added to a small number it puts the nearest whole number into the last bits.

}  // namespace

Scalar horner(Scalar x, std::span<const double> c) {
    Scalar y = x.number(c.back());
    for (std::size_t i = c.size() - 1; i-- > 0;) {
        y = fma(y, x, c[i]);
    }
    return y;
}

Scalar estrin(Scalar x, std::span<const double> c) {
    std::vector<Scalar> terms;
    for (const double coefficient : c) {
        terms.push_back(x.number(coefficient));
    }
    for (Scalar power = x; terms.size() > 1; power = power * power) {
        std::vector<Scalar> halved;
        for (std::size_t i = 0; i + 1 < terms.size(); i += 2) {
            halved.push_back(fma(terms[i + 1], power, terms[i]));
        }
        if (terms.size() % 2 == 1) {
            halved.push_back(terms.back());
        }
        terms = halved;
    }
    return terms[0];
}

Scalar rounded_product(Scalar a, Scalar b) { return fma(a, b, 0.0); }

Pair exact_sum(Scalar a, Scalar b) {
    const Scalar s = a + b;
    const Scalar t = s - a;
    return {s, (a - (s - t)) + (b - t)};
}
Pair quick_sum(Scalar a, Scalar b) {
    const Scalar s = a + b;
    return {s, b - (s - a)};
}
Pair exact_product(Scalar a, Scalar b) {
    const Scalar p = rounded_product(a, b);
    return {p, fma(a, b, -p)};
}
Pair operator+(Pair a, Pair b) {
    const Pair s = exact_sum(a.hi, b.hi);
    return quick_sum(s.hi, s.lo + (a.lo + b.lo));
}
Pair operator*(Pair a, Pair b) {
    const Pair p = exact_product(a.hi, b.hi);
    return quick_sum(p.hi, fma(a.hi, b.lo, fma(a.lo, b.hi, p.lo)));
}
Pair operator*(Pair a, Scalar b) {
    const Pair p = exact_product(a.hi, b);
    return quick_sum(p.hi, fma(a.lo, b, p.lo));
}

std::optional<double> number_of(Scalar x) {
    if (!x.program->is_number(x.id)) {
        return std::nullopt;
    }
    const std::uint64_t bits = (*x.program)[x.id].payload;
    return is_single(x) ? std::bit_cast<float>(static_cast<std::uint32_t>(bits))
                        : std::bit_cast<double>(bits);
}

double shifter(Scalar like) { return is_single(like) ? 0x1.8p23 : 0x1.8p52; }

double lowest_exponent(Scalar like) { return is_single(like) ? -150 : -1000; }
double highest_exponent(Scalar like) { return is_single(like) ? 150 : 1000; }

Scalar power_of_two(Scalar k, Scalar like) {
    return from_bits((k + k.whole(bias(like))) << mantissa_bits(like));
}

Scalar scaled(Scalar x, Scalar k) { return from_bits(bits_of(x) + (k << mantissa_bits(x))); }

Exponential exponential(Pair x) {
    // (e^r - 1 - r) / r^2 for |r| <= log(2) / 2.
    static constexpr double f32[] = {0.5,
                                     0.16666666666666666,
                                     0.041666666666666664,
                                     0.008333333333333333,
                                     0.001388888888888889,
                                     0.0001984126984126984};
    static constexpr double f64[] = {0.5,
                                     0.16666666666666671008,
                                     0.041666666666666669767,
                                     0.0083333333333261120526,
                                     0.0013888888888883731828,
                                     0.00019841269874901259234,
                                     0.000024801587325605322782,
                                     2.7557255297969644392e-6,
                                     2.7557273570102139673e-7,
                                     2.5105259538448493419e-8,
                                     2.0914717341716375952e-9};
    const bool single = is_single(x.hi);
    const double log_2 = single ? 0x1.62e43p-1 : 0x1.62e42fefa39efp-1;
    const double log_2_lo = single ? -0x1.05c610ca86c39p-29 : 0x1.abc9e3b39803fp-56;
    const Scalar shifted = fma(x.hi, 0x1.71547652b82fep0, x.hi.number(shifter(x.hi)));
    const Scalar n = shifted - shifter(x.hi);
    const Scalar k = bits_of(shifted) - bits_of(x.hi.number(shifter(x.hi)));
    const Scalar head = fma(n, -log_2, x.hi);  // exact
    const Scalar low = fma(n, -log_2_lo, x.lo);
    const Scalar r = head + low;
    const Scalar square = r * r;
    const std::span<const double> c = single ? std::span<const double>(f32) : f64;
    const Scalar first_terms = fma(square, fma(r, c[1], r.number(c[0])), low);
    const Scalar tail = fma(square * square, estrin(r, c.subspan(2)), first_terms);
    const Scalar half = k >> 1;
    return {k, head, tail, head + tail, power_of_two(half, x.hi), power_of_two(k - half, x.hi)};
}
Exponential exponential(Scalar x) { return exponential(Pair{x, x.number(-0.0)}); }

Scalar less_one(const Exponential& e, Scalar power, double factor) {
    return fma(e.tail, power, fma(e.head, power, power - factor));
}

Scalar times_exponential(Scalar c, Scalar x, const Exponential& e) {
    const Scalar scaled = c * e.first;
    const Scalar y = fma(scaled, e.rest, scaled) * e.second;
    const Scalar infinite = c * x.number(std::numeric_limits<double>::infinity());
    return select(x > highest_exponent(x), infinite, select(x < lowest_exponent(x), c * 0.0, y));
}

Scalar small_real_of(Scalar whole) {
    const Scalar zero = real_of(whole.whole(0));
    const Scalar shift = zero.number(shifter(zero));
    return from_bits(bits_of(shift) + whole) - shift;
}

Mantissa mantissa(Scalar x) {
    const int bits = mantissa_bits(x);
    const Scalar is_small = x < (is_single(x) ? 0x1p-126 : 0x1p-1022);
    const Scalar normal = select(is_small, x * (is_single(x) ? 0x1p23 : 0x1p52), x);
    const Scalar all = bits_of(normal);
    const Scalar e = (all - bits_of(x.number(0.70710678118654752))) >> bits;
    const Scalar f = from_bits(all - (e << bits)) - 1.0;
    return {e - select(is_small, e.whole(bits), e.whole(0)), f};
}

}  // namespace chainrule
