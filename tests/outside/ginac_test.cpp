// Derivatives against GiNaC, a computer algebra system of others (https://www.ginac.de): the
// gradient that chainrule prints and the one that GiNaC finds agree to 30 digits, on a list picked
// by hand and on random expressions. What is printed is read by the reader of printed_formula.h,
// not by chainrule.
#include <gtest/gtest.h>

#include <random>

#include "outside/printed_formula.h"
#include "support/draws.h"
#include "support/explained.h"

namespace chainrule::tests {
namespace {

using GiNaC::ex;
using GiNaC::numeric;

constexpr int digits = 50;  // of GiNaC's arithmetic; agreement is asked to 30

class Ginac : public testing::Test {
protected:
    Ginac() { GiNaC::Digits = digits; }

    // The points at which sides are compared: no function below has a pole or a cut there.
    static std::vector<GiNaC::exmap> points(const GiNaC::symbol& x, const GiNaC::symbol& y) {
        std::vector<GiNaC::exmap> result;
        for (const auto& [a, b] : {std::pair{37, 61}, std::pair{23, 41}, std::pair{71, 17}}) {
            result.push_back({{x, numeric(a, 100)}, {y, numeric(b, 100)}});
        }
        return result;
    }

    // The largest relative difference over the points.
    numeric difference(const ex& found, const ex& expected) const {
        numeric largest = 0;
        for (const GiNaC::exmap& point : points(x_, y_)) {
            const ex here = GiNaC::evalf(found.subs(point));
            const ex there = GiNaC::evalf(expected.subs(point));
            if (!GiNaC::is_a<numeric>(here) || !GiNaC::is_a<numeric>(there)) {
                return 1;
            }
            const numeric scale = GiNaC::abs(GiNaC::ex_to<numeric>(there)) + 1;
            const numeric error = GiNaC::abs(GiNaC::ex_to<numeric>(here - there)) / scale;
            largest = error > largest ? error : largest;
        }
        return largest;
    }

    void expect_equal(const ex& found, const ex& expected, const std::string& what) const {
        const numeric error = difference(found, expected);
        EXPECT_TRUE(error < tolerance()) << what << "\ndiffers by " << error;
    }

    static numeric tolerance() { return GiNaC::pow(numeric(10), numeric(-30)); }

    // What chainrule prints as the derivative of the last of `definitions` by `of`. They are called
    // f, g, ...
    static std::string printed(const std::vector<std::string>& definitions, const std::string& of) {
        std::string network = "weight x, y\n";
        char name = 'f';
        for (const std::string& definition : definitions) {
            network += name++ + (" = " + definition + "\n");
        }
        network += "loss " + std::string(1, --name) + "\n";
        const nlohmann::json json = explained(network, {"--wrt", of});
        return record(json["gradients"], "of", of)["expr"];
    }

    // A formula in x, y and what has been defined.
    ex read(const std::string& formula, const std::vector<std::string>& definitions = {}) const {
        Names names{{"x", x_}, {"y", y_}};
        char name = 'f';
        for (const std::string& definition : definitions) {
            names[std::string(1, name++)] = read_formula(definition, names);
        }
        return read_formula(formula, names);
    }

    void expect_first_derivatives(const std::string& f) const {
        for (const auto& [name, symbol] : {std::pair{"x", x_}, std::pair{"y", y_}}) {
            const std::string formula = printed({f}, name);
            expect_equal(read(formula, {f}), read(f).diff(symbol),
                         "d/d" + std::string(name) + " of " + f + " is printed as " + formula);
        }
    }

    GiNaC::symbol x_{"x"};
    GiNaC::symbol y_{"y"};
};

// --- by hand -------------------------------------------------------------------------------------

const std::vector<std::string> by_hand{
    "x * y",
    "x / y",
    "x / (x + y)",
    "(x + y)^3",
    "x^y",
    "2^x * y^2",
    "x^(-2) + y^0.5",
    "x^3 - 3 * x * y^2",
    "exp(x * y)",
    "exp(-x^2 / 2)",
    "log(x + y^2)",
    "log1p(x * y) + expm1(x - y)",
    "sqrt(x^2 + y^2)",
    "rsqrt(x + 2 * y)",
    "sin(x) * cos(y)",
    "sin(x * cos(y))",
    "tan(x / (1 + y))",
    "asin(x * y) + acos(x / 2)",
    "atan(y / x)",
    "sinh(x) * cosh(y)",
    "tanh(x * tanh(y))",
    "sigmoid(x * y)",
    "sigmoid(x)^2 * (1 - sigmoid(y))",
    "softplus(x - y)",
    "silu(x + y)",
    "logsigmoid(x * y)",
    "log(sigmoid(x)) + log(1 - sigmoid(y))",
    "exp(x) / (exp(x) + exp(y))",
    "log(exp(x) + exp(y))",
    "1 / (1 + x^2 * y^4)",
    "((x * y + 1)^2 + x)^2",
    "sin(sin(sin(x * y)))",
    "-x^2 - -y",
    "x - (y - (x - y * x))",
};

class GinacByHand : public Ginac, public testing::WithParamInterface<std::string> {};

TEST_P(GinacByHand, agrees_on_both_derivatives) { expect_first_derivatives(GetParam()); }

// What is printed, derived once more and printed again, is the second derivative.
TEST_P(GinacByHand, agrees_on_the_second_derivative) {
    const std::string& f = GetParam();
    const std::string first = printed({f}, "x");
    for (const auto& [name, symbol] : {std::pair{"x", x_}, std::pair{"y", y_}}) {
        const std::string second = printed({f, first}, name);
        expect_equal(read(second, {f, first}), read(f).diff(x_).diff(symbol),
                     f + " twice derived is printed as " + second);
    }
}

INSTANTIATE_TEST_SUITE_P(On, GinacByHand, testing::ValuesIn(by_hand));

// --- at random -----------------------------------------------------------------------------------

// Expressions that are defined everywhere. No part of them is a constant: chainrule would fold 2/17
// to a double, which is not exact to 30 digits.
class Expressions {
public:
    explicit Expressions(std::uint32_t seed) : random_(seed) {}

    std::string next(int depth) {
        if (depth == 0 || below(6) == 0) {
            static const char* const leaves[] = {"x", "y", "0.5 * x", "(2 + y)"};
            return leaves[below(4)];
        }
        const std::string a = next(depth - 1);
        switch (below(8)) {
        case 0:
            return "(" + a + " + " + next(depth - 1) + ")";
        case 1:
            return "(" + a + " - " + next(depth - 1) + ")";
        case 2:
        case 3:
            return a + " * " + next(depth - 1);
        case 4:
            return a + " / (1 + (" + next(depth - 1) + ")^2)";
        case 5:
            return "(-" + a + ")^" + std::to_string(2 + below(2));
        default:
            return function() + "(" + a + ")";
        }
    }

private:
    std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }

    std::string function() {
        static const char* const names[] = {"sin",  "cos",      "tanh", "sigmoid",
                                            "atan", "softplus", "silu", "logsigmoid"};
        return names[below(8)];
    }

    std::mt19937 random_;
};

TEST_F(Ginac, agrees_on_random_expressions) {
    const std::uint32_t seed = 20'240'601;
    SCOPED_TRACE("seed " + std::to_string(seed));
    Expressions expressions(seed);
    for (int i = 0; i < tests::draws(100); ++i) {
        const std::string f = "x * y + " + expressions.next(4);
        ASSERT_NO_FATAL_FAILURE(expect_first_derivatives(f)) << f;
        if (HasFailure()) {
            break;
        }
    }
}

// A new seed each time; the printed one repeats it.
TEST_F(Ginac, agrees_on_expressions_never_seen_before) {
    const std::uint32_t seed = std::random_device{}();
    RecordProperty("seed", std::to_string(seed));
    SCOPED_TRACE("seed " + std::to_string(seed));
    Expressions expressions(seed);
    for (int i = 0; i < tests::draws(30) && !HasFailure(); ++i) {
        const std::string f = "x * y + " + expressions.next(5);
        SCOPED_TRACE(f);
        expect_first_derivatives(f);
    }
}

// A negative control: a formula that is nearly the derivative must not pass.
TEST_F(Ginac, disagrees_with_a_formula_that_is_off_in_the_twentieth_digit) {
    const ex right = read("2 * x");
    EXPECT_TRUE(difference(right, right) < tolerance());
    EXPECT_FALSE(difference(read("2.00000000000000000001 * x"), right) < tolerance());
}

}  // namespace
}  // namespace chainrule::tests
