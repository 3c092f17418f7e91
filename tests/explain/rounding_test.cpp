// When a finite difference and a gradient disagree, which of them is wrong?
#include "explain/rounding.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/texts.h"

namespace chainrule::tests {
namespace {

using Function = std::function<double(double)>;

// The five-point formula at x.
Function difference_of(const Function& f, double x) {
    return [f, x](double h) {
        return (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h);
    };
}

constexpr double h = 1e-3;
constexpr double ulp = 2e-16;

TEST(Rounding, a_wrong_slope_is_not_excused) {
    const Function slope = difference_of([](double x) { return std::sin(x); }, 1);
    for (const double wrong : {-std::cos(1.0), 2 * std::cos(1.0), 0.0, std::cos(1.0) + 1e-5,
                               std::cos(1.0) * (1 + 1e-6)}) {
        EXPECT_FALSE(difference_is_wrong(slope, h, wrong, ulp)) << wrong;
    }
}

TEST(Rounding, a_right_slope_is_excused_where_rounding_makes_the_function_flat) {
    // 1 - p of a p that is 1 but for its last bits.
    const Function f = [](double x) { return std::log(1 - 1 / (1 + std::exp(-x))); };
    const Function slope = difference_of(f, 34);
    ASSERT_GT(std::abs(slope(h) + 1), 1e-3) << "the example is none";
    EXPECT_TRUE(difference_is_wrong(slope, h, -1, 1));
}

TEST(Rounding, a_right_slope_is_excused_at_a_bend_and_a_wrong_one_is_not) {
    const Function huber = [](double x) {
        return std::abs(x) <= 1 ? x * x / 2 : std::abs(x) - 0.5;
    };
    const Function slope = difference_of(huber, 1 - 0.7 * h);
    const double right = 1 - 0.7 * h;
    ASSERT_GT(std::abs(slope(h) - right), 1e-6) << "the example is none";
    EXPECT_TRUE(difference_is_wrong(slope, h, right, ulp));
    EXPECT_FALSE(difference_is_wrong(slope, h, right + 0.01, ulp));
    EXPECT_FALSE(difference_is_wrong(slope, h, -right, ulp));
}

TEST(Rounding, a_right_slope_is_excused_where_the_function_swings_within_a_step) {
    const Function slope = difference_of([](double x) { return std::sin(1e6 * x); }, 1);
    const double right = 1e6 * std::cos(1e6);
    EXPECT_TRUE(difference_is_wrong(slope, h, right, 1e-10));
    EXPECT_FALSE(difference_is_wrong(slope, h, 2 * right, 1e-10));
}

// --- the bound -----------------------------------------------------------------------------------

double bound_at(const std::string& loss, double w) {
    const Elaborated network = elaborated("weight w\nloss " + loss + "\n");
    Graph graph = network.network.graph;
    const NodeId weight = *graph.find("w");
    const NodeId objective = network.network.objective;
    const Derivation derivation = derive(graph, objective, std::vector{weight});
    return rounding_error(graph, derivation.steps,
                          std::vector{objective, derivation.gradients[0].id}, {{weight, w}});
}

TEST(Rounding, the_bound_is_a_few_ulps_where_nothing_cancels) {
    EXPECT_GT(bound_at("exp(sin(w))", 1), 1e-16);
    EXPECT_LT(bound_at("exp(sin(w))", 1), 2e-15);
}

TEST(Rounding, the_bound_holds_where_digits_cancel) {
    // p is off by up to 2^-54, so 1 - p = 9.4e-14 by a part in 1,700.
    const double w = 30;
    const double rounded = std::log(1 - 1 / (1 + std::exp(-w)));
    const double exact = -w - std::log1p(std::exp(-w));
    const double bound = bound_at("log(1 - sigmoid(w))", w);
    EXPECT_GE(bound, std::abs(rounded - exact));
    EXPECT_GT(bound, 1e-4);
    EXPECT_LT(bound, 1e-2);
}

}  // namespace
}  // namespace chainrule::tests
