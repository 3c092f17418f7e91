// Random networks through the whole program: each is explained and verified, every formula that is
// printed is read back and marked right, every gradient passes its check.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <random>
#include <utility>
#include <vector>

#include "support/draws.h"
#include "support/explained.h"
#include "support/run_program.h"

namespace chainrule::tests {
namespace {

struct Value {
    std::string name;
    int size = 0;  // of a vector; 0: a scalar
};

class RandomNetwork {
public:
    explicit RandomNetwork(std::uint32_t seed) : random_(seed) {}

    std::string text() {
        const int size = 2 + below(3);
        lines_ = "function g\ninput x[" + std::to_string(size) + "]\nweight s\n";
        values_ = {{"x", size}, {"s", 0}};
        const int equations = 2 + below(6);
        for (int i = 0; i < equations; ++i) {
            const auto [formula, shape] = equation();
            const std::string name = "h" + std::to_string(i);
            lines_ += name + " = " + formula + "\n";
            values_.push_back({name, shape});
        }
        return lines_ + loss();
    }

private:
    int below(int n) { return static_cast<int>(random_() % static_cast<std::uint32_t>(n)); }

    std::string one_of(const std::vector<std::string>& choices) {
        return choices[static_cast<std::size_t>(below(static_cast<int>(choices.size())))];
    }

    std::string function() {
        return one_of({"sigmoid", "tanh", "softplus", "gelu", "silu", "relu", "elu", "exp", "sin",
                       "cos", "abs", "leaky_relu", "g"});
    }

    std::pair<std::string, int> equation() {
        const Value a = values_[static_cast<std::size_t>(below(static_cast<int>(values_.size())))];
        const Value b = values_[static_cast<std::size_t>(below(static_cast<int>(values_.size())))];
        const bool fits = a.size == b.size || a.size == 0 || b.size == 0;
        switch (below(8)) {
        case 0:
        case 1:
            return a.size > 0 ? layer(a) : std::pair(function() + "(" + a.name + ")", 0);
        case 2:
            return {function() + "(" + a.name + ")", a.size};
        case 3:
            return fits ? std::pair(a.name + one_of({" + ", " - ", " * "}) + b.name,
                                    std::max(a.size, b.size))
                        : std::pair(a.name + " * s", a.size);
        case 4:
            return a.size > 0 ? reduction(a.name) : std::pair(a.name + "^3", 0);
        case 5:
            return {a.name + " / (1 + " + a.name + "^2)", a.size};
        case 6:
            return {"where(" + a.name + " > 0, " + a.name + ", 0.5 * " + a.name + ")", a.size};
        default:
            return a.size > 0
                       ? std::pair(one_of({"softmax(", "log_softmax("}) + a.name + ")", a.size)
                       : std::pair(a.name + " * s", 0);
        }
    }

    std::pair<std::string, int> layer(const Value& a) {
        const int size = 2 + below(3);
        const std::string n = std::to_string(++layers_);
        lines_ += "weight W" + n + "[" + std::to_string(size) + "," + std::to_string(a.size) +
                  "], b" + n + "[" + std::to_string(size) + "]\n";
        const std::string sum = "W" + n + " @ " + a.name + " + b" + n;
        return {below(2) == 0 ? sum : function() + "(" + sum + ")", size};
    }

    std::pair<std::string, int> reduction(const std::string& a) {
        return {one_of({"sum(" + a + ")", "mean(" + a + "^2)", a + "[0]", "max(" + a + ")",
                        "logsumexp(" + a + ")", a + "' @ " + a, "norm(" + a + ")"}),
                0};
    }

    std::string loss() {
        const Value& p = values_.back();
        const std::string size = p.size == 0 ? "" : "[" + std::to_string(p.size) + "]";
        return "target y" + size + "\nloss " +
               one_of({"squared_error(" + p.name + ", y)",
                       "sum((" + p.name + " - y)^2) + 0.1 * s^2",
                       "binary_cross_entropy_with_logits(" + p.name + ", y)",
                       "binary_cross_entropy(sigmoid(" + p.name + "), y)",
                       "huber(" + p.name + ", y)"}) +
               "\n" + one_of({"", "penalty 0.01 * s^2\n"});
    }

    std::mt19937 random_;
    std::string lines_;
    std::vector<Value> values_;
    int layers_ = 0;
};

void expect_all_is_well(const std::string& text) {
    const ProgramRun run = run_program({"explain", "-", "--format", "json"}, {.input = text});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const nlohmann::json json = nlohmann::json::parse(run.out);
    for (const nlohmann::json& gradient : json["gradients"]) {
        EXPECT_EQ(gradient["verified"]["points"], 20) << gradient["of"];
    }
    const ProgramRun checked = run_program({"check", "-"}, {.input = text});
    EXPECT_EQ(checked.exit_code, 0) << checked.err;
    for (const std::string& mark : marks(text, formulas_as_answers(json))) {
        ASSERT_EQ(mark, "right");
    }
}

void try_networks(std::uint32_t seed, int count) {
    for (int i = 0; i < tests::draws(count) && !testing::Test::HasFailure(); ++i) {
        const std::string text = RandomNetwork(seed + static_cast<std::uint32_t>(i)).text();
        SCOPED_TRACE("seed " + std::to_string(seed) + " + " + std::to_string(i) + "\n" + text);
        EXPECT_NO_THROW(expect_all_is_well(text));
    }
}

TEST(RandomNetworks, are_explained_in_formulas_that_read_back_and_are_right) {
    try_networks(20'260'000, 40);
}

// A new seed each time, said before anything can time out or crash; CHAINRULE_TEST_SEED repeats
// one.
TEST(SlowRandomNetworks, never_seen_before_are_too) {
    const char* const given = std::getenv("CHAINRULE_TEST_SEED");
    const std::uint32_t seed =
        given != nullptr ? static_cast<std::uint32_t>(std::stoul(given)) : std::random_device{}();
    std::cout << "CHAINRULE_TEST_SEED=" << seed << std::endl;
    try_networks(seed, 500);
}

}  // namespace
}  // namespace chainrule::tests
