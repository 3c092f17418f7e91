// The elementary functions, compiled, against MPFR over all exponents and at the edges.
#include "scalar/functions.h"

#include <gtest/gtest.h>

#include <bit>
#include <iostream>
#include <random>
#include <sstream>
#include <string>

#include "compiled_function.h"
#include "mpfr_oracle.h"
#include "support/draws.h"

namespace chainrule {

void PrintTo(const ElementaryFunction& f, std::ostream* out) { *out << f.name; }
void PrintTo(const ElementaryFunctionOfTwo& f, std::ostream* out) { *out << f.name; }

namespace {

constexpr std::size_t samples = tests::draws(200'000U);
constexpr std::size_t samples_of_slow_tests = 1'000'000;

template <class T>
std::vector<T> edges() {
    using Limits = std::numeric_limits<T>;
    const T smallest = Limits::denorm_min();
    std::vector<T> numbers{0,
                           smallest,
                           3 * smallest,
                           Limits::min(),
                           T(0.5),
                           1,
                           T(1.5),
                           2,
                           3,
                           T(20.9),
                           T(88.7),
                           T(90),
                           T(103.9),
                           T(709.7),
                           T(745.1),
                           T(1000),
                           T(1e-20),
                           T(1.5707963267949),
                           T(6381956970095103.0),
                           Limits::max(),
                           Limits::epsilon(),
                           Limits::infinity(),
                           std::nextafter(T(1), T(0)),
                           std::nextafter(T(1), T(2))};
    const std::size_t count = numbers.size();
    for (std::size_t i = 0; i < count; ++i) {
        numbers.push_back(-numbers[i]);
    }
    numbers.push_back(Limits::quiet_NaN());
    return numbers;
}

// Edges, every bit pattern alike (so all exponents), and half of them of a size that functions
// curve at.
template <class T>
std::vector<T> sampled(unsigned seed, std::size_t count) {
    using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> exponent(-6, 10);
    std::vector<T> x = edges<T>();
    while (x.size() < count) {
        x.push_back(std::bit_cast<T>(static_cast<Bits>(random())));
        const double size = std::exp2(exponent(random));
        x.push_back(static_cast<T>(random() % 2 == 0 ? size : -size));
    }
    return x;
}

// Of the exact value high + low.
template <class T>
double ulps_of(T got, const Exact& exact) {
    if (sizeof(T) == 4 || !std::isfinite(got) || !std::isfinite(exact.high) || exact.high == 0) {
        return ulps<T>(got, exact.high);
    }
    const double unit = std::abs(std::nextafter(exact.high, 0) - exact.high);
    return std::abs((static_cast<double>(got) - exact.high) - exact.low) / unit;
}

struct WorstPlace {
    double ulps = 0;
    std::size_t place = 0;
};
template <class T>
WorstPlace worst_of(std::string_view name, const std::vector<std::vector<T>>& x,
                    const std::vector<T>& y) {
    WorstPlace worst;
    for (std::size_t i = 0; i < y.size(); ++i) {
        const double second = x.size() == 2 ? static_cast<double>(x[1][i]) : 0;
        const Exact exact = exact_value(name, static_cast<double>(x[0][i]), second);
        const double error = ulps_of<T>(y[i], exact);
        if (error > worst.ulps) {
            worst = {error, i};
        }
    }
    return worst;
}

template <class T>
void expect_within(std::string_view name, double bound, const std::vector<std::vector<T>>& x,
                   const std::vector<T>& y) {
    const WorstPlace worst = worst_of(name, x, y);
    std::ostringstream text;
    text << name << " in " << (sizeof(T) == 4 ? "f32" : "f64") << ": " << worst.ulps << " ulp at"
         << std::hexfloat;
    for (const auto& input : x) {
        text << ' ' << input[worst.place];
    }
    std::cout << text.str() << '\n';
    EXPECT_LE(worst.ulps, bound) << text.str();
}

template <class T>
void check(const ElementaryFunction& f, std::size_t count) {
    const double bound = sizeof(T) == 4 ? f.f32_ulps : f.f64_ulps;
    const CompiledFunction<T> code(1, [&](std::span<const Scalar> x) { return f.function(x[0]); });
    const std::vector<std::vector<T>> x{sampled<T>(1, count)};
    expect_within<T>(f.name, bound, x, code(x));
}

class Functions : public testing::TestWithParam<ElementaryFunction> {};
TEST_P(Functions, of_f32_keep_their_bound) { check<float>(GetParam(), samples); }
TEST_P(Functions, of_f64_keep_their_bound) { check<double>(GetParam(), samples); }
INSTANTIATE_TEST_SUITE_P(All, Functions, testing::ValuesIn(elementary_functions),
                         [](const auto& f) { return std::string(f.param.name); });

class SlowFunctions : public Functions {};
TEST_P(SlowFunctions, keep_their_bound_at_a_million_numbers) {
    check<float>(GetParam(), samples_of_slow_tests);
    check<double>(GetParam(), samples_of_slow_tests);
}
INSTANTIATE_TEST_SUITE_P(All, SlowFunctions, testing::ValuesIn(elementary_functions),
                         [](const auto& f) { return std::string(f.param.name); });

template <class T>
void check(const ElementaryFunctionOfTwo& f) {
    const double bound = sizeof(T) == 4 ? f.f32_ulps : f.f64_ulps;
    const CompiledFunction<T> code(
        2, [&](std::span<const Scalar> x) { return f.function(x[0], x[1]); });
    std::vector<std::vector<T>> x{sampled<T>(1, samples), sampled<T>(2, samples)};
    const std::vector<T> edge = edges<T>();
    for (std::size_t i = 0; i < edge.size(); ++i) {
        for (std::size_t k = 0; k < edge.size(); ++k) {
            x[0].push_back(edge[i]);
            x[1].push_back(edge[k]);
        }
    }
    expect_within<T>(f.name, bound, x, code(x));
}

class FunctionsOfTwo : public testing::TestWithParam<ElementaryFunctionOfTwo> {};
TEST_P(FunctionsOfTwo, of_f32_keep_their_bound) { check<float>(GetParam()); }
TEST_P(FunctionsOfTwo, of_f64_keep_their_bound) { check<double>(GetParam()); }
INSTANTIATE_TEST_SUITE_P(All, FunctionsOfTwo, testing::ValuesIn(elementary_functions_of_two),
                         [](const auto& f) { return std::string(f.param.name); });

// Those exponents become products, where they are numbers.
template <class T>
void check_power_of_number(double exponent) {
    const ElementaryFunctionOfTwo& f = elementary_functions_of_two[0];
    const CompiledFunction<T> code(
        1, [&](std::span<const Scalar> x) { return f.function(x[0], x[0].number(exponent)); });
    const std::vector<T> x = sampled<T>(3, samples / 4);
    const std::vector<T> y = code({x});
    const std::vector<T> exponents(x.size(), static_cast<T>(exponent));
    expect_within<T>(f.name, sizeof(T) == 4 ? f.f32_ulps : f.f64_ulps, {x, exponents}, y);
}
TEST(PowersOfNumbers, keep_the_bound_of_power) {
    for (const double exponent : {0.0, 1.0, 2.0, 3.0, -1.0, -2.0, 0.5, -0.5, 4.0}) {
        check_power_of_number<float>(exponent);
        check_power_of_number<double>(exponent);
    }
}

}  // namespace
}  // namespace chainrule
