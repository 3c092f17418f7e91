// What the elementary functions are written with: polynomials, and sums and products whose rounding
// errors are kept.
//
// The code generator may contract a product and a sum to one fma. A product that a sum must see
// rounded is therefore written `rounded_product`.
#pragma once

#include <limits>
#include <optional>
#include <span>

#include "scalar/scalar.h"

namespace chainrule {

constexpr double infinity = std::numeric_limits<double>::infinity();

inline bool is_single(Scalar x) { return x.kind() == ScalarKind::f32; }

// A function of f64, of an f32 too: widened, computed, rounded once.
template <class F, class... Rest>
Scalar in_double(const F& f, Scalar x, Rest... rest) {
    return is_single(x) ? narrow(f(widen(x), widen(rest)...)) : f(x, rest...);
}

// c[0] + c[1] x + c[2] x^2 + ...: step by step, and (Estrin) by pairs, which is a shorter chain.
Scalar horner(Scalar x, std::span<const double> c);
Scalar estrin(Scalar x, std::span<const double> c);

// The unevaluated sum hi + lo, |lo| at most half a unit in the last place of hi.
struct Pair {
    Scalar hi;
    Scalar lo;
};
// a * b, rounded (a zero may lose its sign).
Scalar rounded_product(Scalar a, Scalar b);
// Exact (Knuth 1969, "The Art of Computer Programming", volume 2; Dekker 1971, "A Floating-Point
// Technique for Extending the Available Precision"). `quick_sum` needs |a| >= |b|.
Pair exact_sum(Scalar a, Scalar b);
Pair quick_sum(Scalar a, Scalar b);
Pair exact_product(Scalar a, Scalar b);
// To about twice the precision.
Pair operator+(Pair a, Pair b);
Pair operator*(Pair a, Pair b);
Pair operator*(Pair a, Scalar b);

// e^(x + lo) = (1 + rest) * first * second, from lowest_exponent to highest_exponent; the last two
// are powers of two inside the format, also where their product is not.
struct Exponential {
    Scalar whole;  // n as a whole number
    Scalar head;   // x - n log 2, exact
    Scalar tail;   // e^r - 1 - head
    Scalar rest;   // head + tail
    Scalar first;  // 2^floor(n / 2)
    Scalar second;
};
Exponential exponential(Scalar x);
Exponential exponential(Pair x);
// factor * (e^x - 1), factor * 2^n being `power`.
Scalar less_one(const Exponential& e, Scalar power, double factor);
// c * e^x, rounded once where the result is subnormal; 0 and infinity beyond the format.
Scalar times_exponential(Scalar c, Scalar x, const Exponential& e);
// 2^k of kind `like`, k a whole number of its width in the range of normal exponents.
Scalar power_of_two(Scalar k, Scalar like);
// x * 2^k, where x and the result are normal.
Scalar scaled(Scalar x, Scalar k);
// Where `exponential` holds: below it e^x is 0, above it infinity, both with room for a factor.
double lowest_exponent(Scalar like);
double highest_exponent(Scalar like);

// x = 2^e * (1 + f), sqrt(1/2) <= 1 + f < sqrt(2), for positive finite x, subnormal too.
struct Mantissa {
    Scalar whole;  // e as a whole number
    Scalar f;
};
Mantissa mantissa(Scalar x);
// The number that a real is, if it is one.
std::optional<double> number_of(Scalar x);
// Added to a number below 2^22 (f32) or 2^51 (f64) in size, it leaves the nearest whole number in
// the last bits.
double shifter(Scalar like);
// A whole number below 2^22 (f32) or 2^51 (f64) in size as a real.
Scalar small_real_of(Scalar whole);

}  // namespace chainrule
