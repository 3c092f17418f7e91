#include "train/answer_rule.h"

#include <gtest/gtest.h>

#include <cmath>

#include "network_text.h"

namespace chainrule {
namespace {

using Values = std::vector<double>;

struct Ruled {
    Network network;
    std::optional<AnswerRule> rule;
};

// Of a network whose output is `out`, with one input x[2] and one weight W[2, 2].
Ruled rule_of(const std::string& lines, const Values& targets = {0, 1}) {
    Network network = network_of("input x[2]\nweight W[2, 2] = 1\nz = W @ x\n" + lines);
    const auto rule = answer_rule(network, answer_kind(network, targets));
    return {std::move(network), rule};
}

bool right(const Ruled& ruled, const Values& answer, const Values& target) {
    const AnswerRule& rule = ruled.rule.value();
    return rule.class_of(answer) == rule.class_of_target(target);
}

TEST(AnswerRule, a_label_against_a_vector_is_its_greatest_element) {
    const Ruled ruled = rule_of("target y: class(2)\noutput z\nloss cross_entropy(z, y)");
    EXPECT_TRUE(right(ruled, {-3, -2}, {1}));
    EXPECT_FALSE(right(ruled, {-3, -2}, {0}));
    EXPECT_TRUE(right(ruled, {5, 5}, {0})) << "of equals the first";
    EXPECT_FALSE(right(ruled, {5, 5}, {1}));
    EXPECT_FALSE(right(ruled, {NAN, 5}, {1})) << "an answer that is no number is wrong";
}

TEST(AnswerRule, a_probability_is_class_1_above_one_half) {
    const Ruled ruled =
        rule_of("target y: class(2)\np = sigmoid(z[0])\noutput p\nloss binary_cross_entropy(p, y)");
    EXPECT_EQ(ruled.rule->threshold, 0.5);
    EXPECT_TRUE(right(ruled, {0.51}, {1}));
    EXPECT_TRUE(right(ruled, {0.5}, {0}));
    EXPECT_FALSE(right(ruled, {0.49}, {1}));
}

TEST(AnswerRule, a_logit_is_class_1_above_zero) {
    for (const std::string loss : {"binary_cross_entropy_with_logits(s, y)", "hinge(s, y)",
                                   "2 * binary_cross_entropy_with_logits(s, y)"}) {
        const Ruled ruled = rule_of("target y: class(2)\ns = z[0]\noutput s\nloss " + loss);
        EXPECT_EQ(ruled.rule->threshold, 0) << loss;
        EXPECT_TRUE(right(ruled, {0.1}, {1}));
        EXPECT_TRUE(right(ruled, {-0.1}, {0}));
    }
}

TEST(AnswerRule, a_logit_is_known_under_another_name_and_in_another_shape) {
    const Ruled ruled = rule_of(
        "target y: class(2)\nweight v[1, 2] = 1\ns = v @ x\noutput s\n"
        "loss binary_cross_entropy_with_logits(s[0], y)");
    EXPECT_EQ(ruled.rule->threshold, 0);
}

TEST(AnswerRule, an_output_that_is_the_probability_of_a_logit_is_a_probability) {
    const Ruled ruled = rule_of(
        "target y: class(2)\ns = z[0]\np = sigmoid(s)\noutput p\n"
        "loss binary_cross_entropy_with_logits(s, y)");
    EXPECT_EQ(ruled.rule->threshold, 0.5);
}

TEST(AnswerRule, numbers_that_are_all_0_or_1_are_classes) {
    const std::string lines = "target y\np = sigmoid(z[0])\noutput p\nloss squared_error(p, y)";
    EXPECT_TRUE(rule_of(lines, {0, 1, 1}).rule);
    EXPECT_EQ(rule_of(lines, {0, 1, 0.5}).rule->kind, AnswerKind::numbers) << "regression";
}

TEST(AnswerRule, hinge_takes_signs_as_classes) {
    const std::string lines = "target y\ns = z[0]\noutput s\nloss ";
    const Ruled ruled = rule_of(lines + "hinge(s, y)", {-1, 1});
    ASSERT_TRUE(ruled.rule);
    EXPECT_TRUE(right(ruled, {-0.3}, {-1}));
    EXPECT_FALSE(right(ruled, {-0.3}, {1}));
    EXPECT_EQ(rule_of(lines + "squared_error(s, y)", {-1, 1}).rule->kind, AnswerKind::numbers);
}

TEST(AnswerRule, a_one_hot_target_is_its_class) {
    const std::string lines = "target y[2]\noutput z\nloss squared_error(z, y)";
    const Ruled ruled = rule_of(lines, {0, 1, 1, 0});
    ASSERT_TRUE(ruled.rule);
    EXPECT_TRUE(right(ruled, {0.2, 0.9}, {0, 1}));
    EXPECT_FALSE(right(ruled, {0.2, 0.9}, {1, 0}));
    EXPECT_EQ(rule_of(lines, {0, 1, 1, 1}).rule->kind, AnswerKind::numbers);
}

TEST(AnswerRule, logits_become_probabilities_by_sigmoid_or_softmax) {
    const Ruled one = rule_of(
        "target y: class(2)\ns = z[0]\noutput s\nloss binary_cross_entropy_with_logits(s, y)");
    Values number{std::log(3.0)};
    one.rule->to_probabilities(number);
    EXPECT_NEAR(number[0], 0.75, 1e-15);
    const Ruled vector = rule_of("target y: class(2)\noutput z\nloss cross_entropy(z, y)");
    Values numbers{1000 + std::log(3.0), 1000};
    vector.rule->to_probabilities(numbers);
    EXPECT_NEAR(numbers[0], 0.75, 1e-12);
    EXPECT_NEAR(numbers[1], 0.25, 1e-12);
}

TEST(AnswerRule, knows_probabilities_from_scores) {
    using Meaning = AnswerRule::Meaning;
    const auto meaning = [](const std::string& lines, const Values& targets) {
        return rule_of(lines, targets).rule->meaning;
    };
    EXPECT_EQ(meaning("target y\np = sigmoid(z[0])\noutput p\nloss squared_error(p, y)", {0, 1}),
              Meaning::probability);
    EXPECT_EQ(meaning("target y[2]\np = softmax(z)\noutput p\nloss squared_error(p, y)", {0, 1}),
              Meaning::probability);
    EXPECT_EQ(meaning("target y: class(2)\noutput z\nloss -log_softmax(z)[y]", {0, 1}),
              Meaning::logit);
    EXPECT_EQ(meaning("target y[2]\noutput z\nloss squared_error(z, y)", {0, 1}), Meaning::score);
    EXPECT_EQ(meaning("target y\ns = z[0]\noutput s\nloss hinge(s, y)", {-1, 1}), Meaning::score);
}

TEST(AnswerRule, a_kind_has_a_name_and_is_found_by_it) {
    for (const AnswerKind kind :
         {AnswerKind::none, AnswerKind::label_of_vector, AnswerKind::threshold, AnswerKind::signs,
          AnswerKind::one_hot, AnswerKind::numbers}) {
        EXPECT_EQ(answer_kind_named(name_of(kind)), kind);
    }
    EXPECT_FALSE(answer_kind_named("else"));
}

TEST(AnswerRule, without_a_target_there_is_none) {
    EXPECT_FALSE(rule_of("output z\nloss squared_error(z, x)", {}).rule);
}

}  // namespace
}  // namespace chainrule
