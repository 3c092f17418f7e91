// Steps of a tensor program that are known as it is compiled.
#include <gtest/gtest.h>

#include "compile/balance_products.h"
#include "compile/fold_steps.h"
#include "compile/scale_early.h"
#include "scalar/interpret.h"

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

TensorStep leaf(std::uint32_t size) { return {.kind = Kind::leaf, .size = size}; }

template <class Body>
TensorStep map(std::vector<std::uint32_t> operands, std::uint32_t size, const Body& body) {
    TensorStep step{.kind = Kind::map, .size = size, .operands = std::move(operands)};
    std::vector<Scalar> x;
    for (std::uint32_t i = 0; i < step.operands.size(); ++i) {
        x.push_back(step.program.input(i, ScalarKind::f32));
    }
    step.program.outputs = {body(x).id};
    return step;
}

TensorStep sum(std::uint32_t a, std::uint32_t b, std::uint32_t size) {
    return map({a, b}, size, [](const auto& x) { return x[0] + x[1]; });
}

TensorStep quotient(std::uint32_t a, std::uint32_t b, std::uint32_t size) {
    return map({a, b}, size, [](const auto& x) { return x[0] / x[1]; });
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

// The quotient is there last: it alone is shuffled and multiplied behind it.
TEST(BalanceProducts, waits_for_the_latest_factor_of_a_shuffled_product_only) {
    const TensorStep twice{
        .kind = Kind::shuffle, .size = 4, .operands = {3}, .indices = {0, 0, 1, 1}};
    const TensorProgram balanced = fold_steps(
        balance_products(program_of({leaf(2), leaf(2), quotient(0, 1, 2), product(0, 2, 2), twice,
                                     leaf(4), product(4, 5, 4)})));
    const TensorStep& last = balanced.steps.back();
    ASSERT_TRUE(is_product(last));
    const auto shuffles_quotient = [&](std::uint32_t id) {
        const TensorStep& step = balanced.steps[id];
        return step.kind == Kind::shuffle && step.indices == twice.indices &&
               balanced.steps[step.operands[0]].program.instructions().back().op ==
                   ScalarOp::divide;
    };
    EXPECT_TRUE(shuffles_quotient(last.operands[0]) || shuffles_quotient(last.operands[1]));
}

TEST(BalanceProducts, begins_a_sum_of_products_with_the_addend_that_is_there_first) {
    const TensorStep fused = map({0, 1, 2}, 2, [](const auto& x) { return fma(x[0], x[1], x[2]); });
    const TensorProgram balanced = fold_steps(balance_products(
        program_of({leaf(2), leaf(2), product(0, 1, 2), fused, leaf(2), sum(3, 4, 2)})));
    ASSERT_TRUE(is_fused(balanced.steps.back()));
    const TensorStep& first = balanced.steps[balanced.steps.back().operands[2]];
    ASSERT_TRUE(is_fused(first));
    EXPECT_EQ(balanced.steps[first.operands[2]].kind, Kind::leaf);
}

TEST(BalanceProducts, begins_a_folded_sum_with_the_addend_that_is_there_first) {
    TensorStep fold = sum(0, 1, 2);
    fold.kind = Kind::fold;
    fold.operands = {3};
    fold.count = 4;
    const TensorProgram balanced = fold_steps(balance_products(
        program_of({leaf(8), leaf(8), leaf(2), product(0, 1, 8), fold, sum(4, 2, 2)})));
    const TensorStep& last = balanced.steps.back();
    ASSERT_EQ(last.kind, Kind::fold);
    EXPECT_EQ(last.count, 2U);
    EXPECT_TRUE(is_fused(balanced.steps[last.operands[0]]));
}

TEST(BalanceProducts, lets_an_addend_that_is_there_last_join_last) {
    const TensorStep fused = map({0, 1, 2}, 2, [](const auto& x) { return fma(x[0], x[1], x[2]); });
    const TensorProgram balanced = fold_steps(balance_products(
        program_of({leaf(2), leaf(2), product(0, 1, 2), fused, quotient(0, 1, 2), sum(3, 4, 2)})));
    EXPECT_TRUE(is_sum(balanced.steps.back()));
}

// f(early * late) of an f that scales its argument, as balance_products leaves it.
TensorProgram scaled_product(double factor) {
    return program_of(
        {leaf(2), quotient(0, 0, 2), product(0, 1, 2),
         map({2}, 2, [&](const auto& x) { return fma(x[0], factor, x[0].number(10)) - x[0]; })});
}

TEST(ScaleEarly, lets_the_early_factor_take_the_constant) {
    const TensorProgram scaled = scale_early(scaled_product(0.5));
    const TensorStep& last = scaled.steps.back();
    ASSERT_EQ(last.operands.size(), 3U);
    EXPECT_EQ(scaled.steps[last.operands[1]].program.instructions().back().op, ScalarOp::divide);
    const TensorStep& early = scaled.steps[last.operands[2]];
    ASSERT_TRUE(is_product(early));
    EXPECT_EQ(scaled.steps[early.operands[0]].kind, Kind::leaf);
    EXPECT_EQ(scaled.steps[early.operands[1]].numbers, (std::vector<double>{0.5, 0.5}));
    // Of the argument 6 = 2 * 3 and the operands 3 and 2 * 0.5.
    EXPECT_EQ(interpret(last.program, std::vector<double>{6, 3, 1})[0], 3 * 1 + 10 - 6);
}

// Where early * late is finite, early * 2 may be infinite; early / 100 may be 0.
TEST(ScaleEarly, moves_no_factor_above_1_and_no_small_one) {
    for (const double factor : {2.0, 0.01}) {
        EXPECT_EQ(scale_early(scaled_product(factor)).steps.size(),
                  scaled_product(factor).steps.size());
    }
}

}  // namespace
}  // namespace chainrule
