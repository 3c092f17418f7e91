// Steps of a tensor program that are known as it is compiled.
#include <gtest/gtest.h>

#include "compile/balance_products.h"
#include "compile/fold_steps.h"

namespace chainrule {
namespace {

using Kind = TensorStep::Kind;

TensorStep numbers(std::vector<double> values) {
    const auto size = static_cast<std::uint32_t>(values.size());
    return {.kind = Kind::constant, .size = size, .numbers = std::move(values)};
}

TensorStep product(std::uint32_t a, std::uint32_t b, std::uint32_t size = 1) {
    TensorStep step{.kind = Kind::map, .size = size, .operands = {a, b}};
    step.program.outputs = {
        (step.program.input(0, ScalarKind::f32) * step.program.input(1, ScalarKind::f32)).id};
    return step;
}

// The leaf 0 becomes the last step.
TensorProgram program_of(std::vector<TensorStep> steps) {
    TensorProgram program;
    program.leaves.emplace_back();
    program.updates = {{0, static_cast<std::uint32_t>(steps.size() - 1)}};
    program.steps = std::move(steps);
    return program;
}

TEST(FoldSteps, computes_what_is_made_of_constants_in_the_programs_precision) {
    const TensorProgram folded =
        fold_steps(program_of({numbers({0.1}), numbers({3}), product(0, 1)}));
    ASSERT_EQ(folded.steps.size(), 1U);
    EXPECT_EQ(folded.steps[0].kind, Kind::constant);
    EXPECT_EQ(folded.steps[0].numbers[0], static_cast<double>(0.1F * 3.0F));
    EXPECT_EQ(folded.updates[0].value, 0U);
}

TEST(FoldSteps, shuffles_constants) {
    const TensorStep shuffle{
        .kind = Kind::shuffle, .size = 3, .operands = {0, 1}, .indices = {2, 0, 2}};
    const TensorProgram folded = fold_steps(program_of({numbers({1, 2}), numbers({3}), shuffle}));
    ASSERT_EQ(folded.steps.size(), 1U);
    EXPECT_EQ(folded.steps[0].numbers, (std::vector<double>{3, 1, 3}));
}

TEST(FoldSteps, leaves_out_factors_of_one_and_what_nothing_needs) {
    const TensorStep leaf{.kind = Kind::leaf, .size = 2};
    const TensorProgram folded =
        fold_steps(program_of({leaf, numbers({2, 2}), numbers({0.5, 0.5}), product(1, 2, 2),
                               numbers({7, 7}), product(3, 0, 2)}));
    ASSERT_EQ(folded.steps.size(), 1U);
    EXPECT_EQ(folded.steps[0].kind, Kind::leaf);
    EXPECT_EQ(folded.updates[0].value, 0U);
}

TEST(FoldSteps, keeps_a_factor_that_is_not_one_everywhere) {
    const TensorStep leaf{.kind = Kind::leaf, .size = 2};
    EXPECT_EQ(fold_steps(program_of({leaf, numbers({1, 2}), product(0, 1, 2)})).steps.size(), 3U);
}

TEST(BalanceProducts, multiplies_the_constant_factors_as_it_compiles) {
    const TensorStep leaf{.kind = Kind::leaf};
    const TensorProgram balanced = fold_steps(balance_products(program_of(
        {leaf, numbers({0.5}), product(0, 1), numbers({2}), product(2, 3), leaf, product(4, 5)})));
    ASSERT_EQ(balanced.steps.size(), 3U);
    EXPECT_TRUE(is_product(balanced.steps[2]));
    EXPECT_EQ(balanced.steps[0].kind, Kind::leaf);
    EXPECT_EQ(balanced.steps[1].kind, Kind::leaf);
}

}  // namespace
}  // namespace chainrule
