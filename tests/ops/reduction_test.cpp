// Reductions, softmax and shape operations: values, gradients and printed rules, along axes and at
// the edge. The rows are those of tests/ops/edge_test.cpp, which holds the plain cases.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "lang/diagnostic.h"
#include "notation/formula.h"
#include "ops/rules.h"
#include "ops/workbench.h"

namespace chainrule::tests {
namespace {

using List = std::vector<std::int64_t>;
class Reductions : public testing::Test {
protected:
    Expr leaf(const Tensor& value) {
        return bench.leaf("x" + std::to_string(bench.graph.size()), value);
    }
    Tensor value(const Op& op, const Tensor& x, Attributes attributes = {}) {
        return bench.value(call(op, {leaf(x)}, std::move(attributes)));
    }
    Tensor gradient(const Op& op, const Tensor& x, Attributes attributes = {}) {
        const Expr operand = leaf(x);
        return bench.gradient(call(op, {operand}, std::move(attributes)), operand);
    }

    Workbench bench;
    Tensor M = matrix_of({{1, 5, 3}, {4, 2, 6}});
    Tensor empty{{0}, {}};
};

TEST_F(Reductions, go_over_all_axes_or_those_named) {
    EXPECT_EQ(value(sum_op, M), Tensor(21));
    EXPECT_EQ(value(sum_op, M, {List{0}}), vector_of({5, 7, 9}));
    EXPECT_EQ(value(sum_op, M, {List{-1}, number(1)}), matrix_of({{9}, {12}}));
    EXPECT_EQ(value(mean_op, M, {List{1}}), vector_of({3, 4}));
    EXPECT_EQ(value(max_op, M, {List{0}}), vector_of({4, 5, 6}));
    EXPECT_EQ(value(min_op, M, {List{1}}), vector_of({1, 2}));
    EXPECT_EQ(value(prod_op, M, {List{1}}), vector_of({15, 48}));
    EXPECT_EQ(value(sum_op, Tensor({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}), {List{0, 2}}),
              vector_of({14, 22}));
    EXPECT_EQ(value(argmax_op, M), vector_of({1, 2}));
    EXPECT_EQ(value(argmax_op, M, {number(0)}), vector_of({1, 0, 1}));
}

TEST_F(Reductions, gradients_spread_back) {
    EXPECT_EQ(gradient(sum_op, M, {List{0}}), Tensor::filled({2, 3}, 1));
    EXPECT_EQ(gradient(mean_op, M, {List{1}}), Tensor::filled({2, 3}, 1.0 / 3));
    EXPECT_EQ(gradient(max_op, M, {List{0}}), matrix_of({{0, 1, 0}, {1, 0, 1}}));
    EXPECT_EQ(gradient(min_op, M, {List{0}, number(1)}), matrix_of({{1, 0, 1}, {0, 1, 0}}));
}

TEST_F(Reductions, of_nothing) {  // rows 36 and 41
    EXPECT_EQ(value(sum_op, empty), Tensor(0));
    EXPECT_EQ(value(prod_op, empty), Tensor(1));
    EXPECT_TRUE(std::isnan(value(mean_op, empty).data[0]));
    EXPECT_EQ(value(max_op, empty), Tensor(-infinity));
    EXPECT_EQ(value(min_op, empty), Tensor(infinity));
    EXPECT_EQ(value(logsumexp_op, empty), Tensor(-infinity));
    EXPECT_EQ(value(softmax_op, empty), empty);
    for (const Op* op : {&sum_op, &prod_op, &mean_op, &max_op, &min_op, &logsumexp_op}) {
        EXPECT_EQ(gradient(*op, empty), empty) << op->name;
        EXPECT_EQ(gradient(*op, Tensor({0, 2}, {}), {List{0}}).shape, (Shape{0, 2})) << op->name;
    }
}

TEST_F(Reductions, ties_share_the_gradient) {  // row 5
    EXPECT_EQ(gradient(max_op, vector_of({2, 7, 7, 1})), vector_of({0, 0.5, 0.5, 0}));
    EXPECT_EQ(gradient(max_op, vector_of({3, 3, 3, 3})), vector_of({0.25, 0.25, 0.25, 0.25}));
    EXPECT_EQ(gradient(min_op, matrix_of({{1, 1}, {2, 3}}), {List{1}}),
              matrix_of({{0.5, 0.5}, {1, 0}}));
    EXPECT_EQ(gradient(max_op, vector_of({-infinity, -infinity})), vector_of({0.5, 0.5}));
}

TEST_F(Reductions, nan_is_not_lost) {  // rows 7 and 8
    const Tensor x = vector_of({1, NAN, 2, NAN});
    for (const Op* op : {&sum_op, &mean_op, &max_op, &min_op, &prod_op, &logsumexp_op}) {
        EXPECT_TRUE(std::isnan(value(*op, x).data[0])) << op->name;
    }
    EXPECT_EQ(value(argmax_op, x), Tensor(1));
    EXPECT_EQ(value(argmax_op, vector_of({4, 9, 9})), Tensor(1));
}

TEST_F(Reductions, logsumexp_does_not_overflow) {  // row 35
    EXPECT_DOUBLE_EQ(value(logsumexp_op, vector_of({1000, 1000})).data[0], 1000.6931471805599453);
    EXPECT_EQ(gradient(logsumexp_op, vector_of({1000, 1000})), vector_of({0.5, 0.5}));
    EXPECT_EQ(value(logsumexp_op, vector_of({-1000, -infinity})), Tensor(-1000));
    EXPECT_EQ(value(logsumexp_op, vector_of({1, infinity})), Tensor(infinity));
}

TEST_F(Reductions, logsumexp_of_all_minus_infinity_has_gradient_zero) {  // row 36
    const Tensor x = vector_of({-infinity, -infinity});
    EXPECT_EQ(value(logsumexp_op, x), Tensor(-infinity));
    EXPECT_EQ(gradient(logsumexp_op, x), vector_of({0, 0}));
    EXPECT_EQ(gradient(logsumexp_op, matrix_of({{-infinity, 3}, {-infinity, 3}}), {List{0}}),
              matrix_of({{0, 0.5}, {0, 0.5}}));
    EXPECT_EQ(gradient(logsumexp_op, Tensor(-infinity)), Tensor(0));
    EXPECT_EQ(gradient(logsumexp_op, matrix_of({{7, 7}, {7, 7}})), Tensor::filled({2, 2}, 0.25));
}

TEST_F(Reductions, softmax_of_nothing_left_by_a_mask) {  // row 33
    const Tensor x = vector_of({-infinity, -infinity});
    EXPECT_TRUE(std::isnan(value(softmax_op, x).data[0]));
    EXPECT_EQ(value(softmax_op, x, {List{-1}, number(1)}), vector_of({0, 0}));
    EXPECT_EQ(gradient(softmax_op, x, {List{-1}, number(1)}), vector_of({0, 0}));
    EXPECT_EQ(value(softmax_op, Tensor(3)), Tensor(1));
}

TEST_F(Reductions, softmax_runs_along_its_axis) {
    const Tensor x = matrix_of({{0, 0}, {0, std::log(3)}});
    const Tensor down = value(softmax_op, x, {List{0}});
    EXPECT_DOUBLE_EQ(down.data[1], 0.25);
    EXPECT_DOUBLE_EQ(down.data[3], 0.75);
    EXPECT_DOUBLE_EQ(value(softmax_op, x, {List{0, 1}}).data[0], 1.0 / 6);
    EXPECT_DOUBLE_EQ(value(log_softmax_op, x).data[2], std::log(0.25));
}

TEST_F(Reductions, product_has_a_gradient_at_zero) {  // row 42
    EXPECT_EQ(gradient(prod_op, vector_of({0, 2, 3})), vector_of({6, 0, 0}));
    EXPECT_EQ(gradient(prod_op, vector_of({0, 0, 3})), vector_of({0, 0, 0}));
    EXPECT_EQ(gradient(prod_op, vector_of({-4, 2, 3})), vector_of({6, -12, -8}));
    EXPECT_EQ(gradient(prod_op, matrix_of({{0, 2}, {5, 0}}), {List{0}}),
              matrix_of({{5, 0}, {0, 2}}));
}

TEST_F(Reductions, product_has_a_second_gradient_at_one_zero) {
    const Expr x = leaf(vector_of({0, 2, 3}));
    const Expr first = bench.gradient_node(call(prod_op, {x}), x, literal(bench.graph, 1.0));
    // d(x1 x2)/dx = [0, 3, 2] at x0 = 0.
    EXPECT_EQ(bench.gradient(first, x, vector_of({1, 0, 0})), vector_of({0, 3, 2}));
    EXPECT_EQ(bench.gradient(first, x, vector_of({0, 1, 0})), vector_of({3, 0, 0}));
}

TEST_F(Reductions, mean_does_not_overflow) {  // row 49, in double precision
    EXPECT_EQ(value(mean_op, vector_of({1.5e308, 1.5e308})), Tensor(1.5e308));
    EXPECT_EQ(gradient(mean_op, vector_of({1.5e308, 1.5e308})), vector_of({0.5, 0.5}));
    EXPECT_EQ(value(mean_op, vector_of({infinity, 1})), Tensor(infinity));
}

TEST_F(Reductions, print_their_rules_readably) {
    const Expr x = bench.leaf("x", vector_of({1, 2, 3}));
    const Expr dy = bench.leaf("dy", Tensor(1));
    const auto rule = [&](const Op& op) {
        return write_formula(bench.graph, bench.gradient_node(call(op, {x}), x, dy).id);
    };
    EXPECT_EQ(rule(sum_op), "broadcast(dy, shape=[3])");
    EXPECT_EQ(rule(max_op), "dy * (x == max(x)) / sum(x == max(x))");
    EXPECT_EQ(rule(logsumexp_op), "dy * softmax(x, masked=1)");
    const Expr dz = bench.leaf("dz", vector_of({1, 0, 0}));
    const Expr y = call(softmax_op, {x});
    EXPECT_EQ(write_formula(bench.graph, bench.gradient_node(y, x, dz).id),
              "softmax(x) * (dz - sum(dz * softmax(x)))");
    EXPECT_EQ(write_formula(bench.graph, call(sum_op, {x}, {List{0}, number(1)}).id),
              "sum(x, axis=0, keepdims=1)");
}

// --- shape operations ----------------------------------------------------------------------------

using ShapeOperations = Reductions;

TEST_F(ShapeOperations, move_elements) {
    EXPECT_EQ(value(reshape_op, M, {List{3, 2}}), matrix_of({{1, 5}, {3, 4}, {2, 6}}));
    EXPECT_EQ(value(slice_op, M, {number(1), number(3), number(1)}), matrix_of({{5, 3}, {2, 6}}));
    EXPECT_EQ(value(slice_op, M, {number(-1), number(2)}), matrix_of({{4, 2, 6}}));
    EXPECT_EQ(value(pad_op, vector_of({1, 2}), {number(1), number(2)}), vector_of({0, 1, 2, 0, 0}));
    EXPECT_EQ(value(pad_op, M, {number(0), number(1), number(1)}),
              matrix_of({{1, 5, 3, 0}, {4, 2, 6, 0}}));
}

TEST_F(ShapeOperations, join_tensors) {
    const Expr a = leaf(matrix_of({{1, 2}, {3, 4}}));
    const Expr b = leaf(matrix_of({{5}, {6}}));
    EXPECT_EQ(bench.value(call(concat_op, {a, b}, {number(1)})), matrix_of({{1, 2, 5}, {3, 4, 6}}));
    EXPECT_EQ(bench.value(call(concat_op, {a, a})), matrix_of({{1, 2}, {3, 4}, {1, 2}, {3, 4}}));
    EXPECT_EQ(bench.value(call(stack_op, {a, a + 10}, {number(-1)})),
              Tensor({2, 2, 2}, {1, 11, 2, 12, 3, 13, 4, 14}));
    EXPECT_EQ(bench.value(call(stack_op, {sum(a), sum(b)})), vector_of({10, 11}));
}

TEST_F(ShapeOperations, gather_adds_up_the_gradients_of_an_index_twice) {  // row 47
    const Expr x = leaf(vector_of({10, 20, 30}));
    const Expr indices = literal(bench.graph, vector_of({0, 0, 2}));
    const Expr y = call(gather_op, {x, indices});
    EXPECT_EQ(bench.value(y), vector_of({10, 10, 30}));
    EXPECT_EQ(bench.gradient(y, x), vector_of({2, 0, 1}));
}

TEST_F(ShapeOperations, gather_takes_columns) {
    const Expr x = leaf(M);
    const Expr y = call(gather_op, {x, literal(bench.graph, vector_of({2, 0}))}, {number(-1)});
    EXPECT_EQ(bench.value(y), matrix_of({{3, 1}, {6, 4}}));
    EXPECT_EQ(bench.gradient(y, x, matrix_of({{1, 2}, {3, 4}})), matrix_of({{2, 0, 1}, {4, 0, 3}}));
}

TEST_F(ShapeOperations, refuse_an_index_that_is_not_there) {
    const Expr x = leaf(vector_of({10, 20, 30}));
    for (const double index : {3.0, -1.0, 0.5, static_cast<double>(NAN)}) {
        EXPECT_THROW(bench.value(call(gather_op, {x, literal(bench.graph, index)})), UserError);
        EXPECT_THROW(bench.value(call(one_hot_op, {literal(bench.graph, index)}, {number(3)})),
                     UserError);
    }
    try {
        bench.value(call(gather_op, {x, literal(bench.graph, 7)}));
        FAIL();
    } catch (const UserError& error) {
        EXPECT_STREQ(error.what(), "gather has no place 7 among 3, which are whole numbers from 0");
    }
}

TEST_F(ShapeOperations, one_hot_has_a_one_at_the_label) {
    const Expr y = bench.label("y", Tensor(2), 4);
    EXPECT_EQ(bench.value(call(one_hot_op, {y})), vector_of({0, 0, 1, 0}));
    const Expr many = bench.label("many", vector_of({1, 0}), 2);
    EXPECT_EQ(bench.value(call(one_hot_op, {many})), matrix_of({{0, 1}, {1, 0}}));
    EXPECT_EQ(write_formula(bench.graph, call(one_hot_op, {y}).id), "one_hot(y)");
    EXPECT_EQ(write_formula(bench.graph, call(one_hot_op, {y}, {number(5)}).id), "one_hot(y, 5)");
    EXPECT_EQ(write_formula(bench.graph, call(one_hot_op, {y}, {number(4)}).id), "one_hot(y)");
}

TEST_F(ShapeOperations, stop_gradient_holds_its_operand_fixed) {
    const Expr x = leaf(vector_of({2, 3}));
    const Expr y = x * call(stop_gradient_op, {x});
    EXPECT_EQ(bench.value(y), vector_of({4, 9}));
    EXPECT_EQ(bench.gradient(y, x), vector_of({2, 3}));
}

}  // namespace
}  // namespace chainrule::tests
