#include "train/initialise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "network_text.h"

namespace chainrule {
namespace {

using Kind = Initialiser::Kind;

std::vector<Tensor> initial(const std::string& text, std::uint64_t seed = 0) {
    Diagnostics diagnostics;
    return initial_weights(network_of(text), seed, diagnostics);
}

Tensor draw(Kind kind, double a = 0, double b = 1) {
    return draw_tensor({.kind = kind, .a = a, .b = b, .span = {}}, "W", {100, 200}, 50, 150, 1);
}

double mean(const Tensor& tensor) {
    double sum = 0;
    for (const double x : tensor.data) {
        sum += x;
    }
    return sum / static_cast<double>(tensor.size());
}

double deviation(const Tensor& tensor) {
    const double m = mean(tensor);
    double sum = 0;
    for (const double x : tensor.data) {
        sum += (x - m) * (x - m);
    }
    return std::sqrt(sum / static_cast<double>(tensor.size()));
}

double greatest(const Tensor& tensor) {
    double result = 0;
    for (const double x : tensor.data) {
        result = std::max(result, std::abs(x));
    }
    return result;
}

TEST(Initialise, forms_have_the_scale_of_their_formulas) {
    struct Case {
        Kind kind;
        double deviation;
        double bound;  // 0: none
    };
    // fan-in 50, fan-out 150.
    const std::vector<Case> cases{
        {Kind::xavier_uniform, std::sqrt(2.0 / 200), std::sqrt(6.0 / 200)},
        {Kind::xavier_normal, std::sqrt(2.0 / 200), 0},
        {Kind::he_uniform, std::sqrt(2.0 / 50), std::sqrt(6.0 / 50)},
        {Kind::he_normal, std::sqrt(2.0 / 50), 0},
    };
    for (const auto& [kind, expected, bound] : cases) {
        const Tensor tensor = draw(kind);
        EXPECT_NEAR(mean(tensor), 0, 4 * expected / std::sqrt(20000.0));
        EXPECT_NEAR(deviation(tensor) / expected, 1, 0.02);
        if (bound > 0) {
            EXPECT_LE(greatest(tensor), bound);
            EXPECT_GT(greatest(tensor), 0.999 * bound);
        } else {
            EXPECT_GT(greatest(tensor), 3 * expected) << "a normal distribution has tails";
        }
    }
}

TEST(Initialise, plain_forms_take_their_numbers) {
    EXPECT_EQ(greatest(draw(Kind::zeros)), 0);
    EXPECT_EQ(draw(Kind::constant, 0.25), Tensor::filled({100, 200}, 0.25));
    EXPECT_NEAR(mean(draw(Kind::uniform, 2, 4)), 3, 0.02);
    const Tensor normal = draw(Kind::normal, -1, 0.5);
    EXPECT_NEAR(mean(normal), -1, 0.02);
    EXPECT_NEAR(deviation(normal), 0.5, 0.01);
}

TEST(Initialise, numbers_depend_on_seed_and_name_and_index_alone) {
    const std::string w = "input x[3]\ntarget y\nweight W[4, 3] ~ he_normal\n";
    const std::string loss = "loss sum((W @ x)^2) + y\n";
    const Tensor alone = initial(w + loss)[0];
    const Tensor behind_another = initial("weight A[9] ~ normal\n" + w + loss)[1];
    EXPECT_EQ(alone, behind_another);
    EXPECT_NE(alone, initial(w + loss, 1)[0]);
    EXPECT_NE(alone.data[0], alone.data[1]);
}

TEST(Initialise, fans_come_from_the_axis_that_the_first_use_contracts) {
    const std::string head = "input x[600]\nweight W[";
    const Tensor left = initial(head + "2, 600] ~ he_normal\nloss sum(W @ x)")[0];
    const Tensor right = initial(head + "600, 2] ~ he_normal\nloss sum(x @ W)")[0];
    EXPECT_NEAR(deviation(left) / std::sqrt(2.0 / 600), 1, 0.1);
    EXPECT_NEAR(deviation(right) / std::sqrt(2.0 / 600), 1, 0.1);
}

TEST(Initialise, a_declared_value_is_taken_as_it_is) {
    const auto weights = initial("weight a = 0.3, b[3] = 2\nloss a * sum(b)");
    EXPECT_EQ(weights[0], Tensor(0.3));
    EXPECT_EQ(weights[1], Tensor::filled({3}, 2));
}

TEST(Initialise, a_weight_without_a_value_is_drawn_with_a_warning) {
    const Network network = network_of("weight a, b = 1, c\nloss a * b * c");
    Diagnostics diagnostics;
    const auto weights = initial_weights(network, 3, diagnostics);
    EXPECT_NE(weights[0].data[0], 0);
    EXPECT_EQ(weights[1].data[0], 1);
    ASSERT_EQ(diagnostics.items().size(), 1U);
    EXPECT_EQ(diagnostics.items()[0].severity, Severity::warning);
    EXPECT_EQ(
        diagnostics.items()[0].message,
        "a, c are declared without a value: drawn by xavier_uniform; to choose, write `weight "
        "a = 0.5` or `weight a ~ he_normal`");
}

TEST(Initialise, refuses_bounds_in_the_wrong_order_and_negative_deviations) {
    EXPECT_THROW(draw(Kind::uniform, 1, 1), UserError);
    EXPECT_THROW(draw(Kind::uniform, 2, 1), UserError);
    EXPECT_THROW(draw(Kind::normal, 0, -1), UserError);
    EXPECT_THROW(draw(Kind::constant, INFINITY), UserError);
    EXPECT_THROW(draw(Kind::uniform, -1e308, 1e308), UserError);
}

}  // namespace
}  // namespace chainrule
