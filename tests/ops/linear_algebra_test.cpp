// The matrix product, its relatives and the functions of square matrices, against numbers from
// elsewhere: worked by hand or published, as each test says.
#include <gtest/gtest.h>

#include <cmath>

#include "notation/formula.h"
#include "ops/rules.h"
#include "ops/workbench.h"

namespace chainrule::tests {
namespace {

void expect_near(const Tensor& found, const Tensor& expected, double tolerance = 1e-13) {
    ASSERT_EQ(found.shape, expected.shape);
    for (std::size_t i = 0; i < found.size(); ++i) {
        EXPECT_NEAR(found.data[i], expected.data[i], tolerance) << "element " << i;
    }
}

// --- products ------------------------------------------------------------------------------------

class Products : public testing::Test {
protected:
    Workbench bench;
    Expr W = bench.leaf("W", matrix_of({{1, 2, 3}, {4, 5, 6}}));
    Expr x = bench.leaf("x", vector_of({1, -1, 2}));
    Expr z = bench.leaf("z", vector_of({10, 1}));
};

TEST_F(Products, of_every_kind_have_their_values) {
    EXPECT_EQ(bench.value(matmul(W, x)), vector_of({5, 11}));
    EXPECT_EQ(bench.value(matmul(z, W)), vector_of({14, 25, 36}));
    EXPECT_EQ(bench.value(matmul(transpose(z), W)), vector_of({14, 25, 36}));
    EXPECT_EQ(bench.value(matmul(x, x)), Tensor(6));
    EXPECT_EQ(bench.value(matmul(transpose(x), x)), Tensor(6));
    EXPECT_EQ(bench.value(matmul(z, transpose(x))), matrix_of({{10, -10, 20}, {1, -1, 2}}));
    EXPECT_EQ(bench.value(matmul(W, transpose(W))), matrix_of({{14, 32}, {32, 77}}));
    EXPECT_EQ(bench.value(matmul(literal(bench.graph, 2), x)), vector_of({2, -2, 4}));
}

TEST_F(Products, of_square_vectors_tell_dot_from_outer) {
    const Expr one = bench.leaf("one", vector_of({3}));
    EXPECT_EQ(bench.value(matmul(one, one)), Tensor(9));
    EXPECT_EQ(bench.value(matmul(one, transpose(one))), matrix_of({{9}}));
}

TEST_F(Products, without_elements_are_zero) {
    const Expr empty = bench.leaf("empty", Tensor({2, 0}, {}));
    const Expr none = bench.leaf("none", Tensor({0}, {}));
    EXPECT_EQ(bench.value(matmul(empty, none)), vector_of({0, 0}));
    EXPECT_EQ(bench.value(matmul(none, none)), Tensor(0));
    EXPECT_EQ(bench.value(matmul(none, transpose(none))).shape, (Shape{0, 0}));
}

TEST_F(Products, broadcast_leading_axes_as_numpy) {
    // A stack of two matrices, then the same product matrix by matrix.
    const Expr stack = bench.leaf("stack", Tensor({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}));
    const Expr M = bench.leaf("M", matrix_of({{0, 1}, {1, 0}}));
    EXPECT_EQ(bench.value(matmul(stack, M)), Tensor({2, 2, 2}, {2, 1, 4, 3, 6, 5, 8, 7}));
    EXPECT_EQ(bench.value(matmul(M, stack)), Tensor({2, 2, 2}, {3, 4, 1, 2, 7, 8, 5, 6}));
    EXPECT_EQ(bench.value(matmul(stack, z)), matrix_of({{12, 34}, {56, 78}}));
    EXPECT_EQ(bench.value(matmul(z, stack)), matrix_of({{13, 24}, {57, 68}}));
    const Expr column = bench.leaf("column", Tensor({2, 1, 1, 2}, {1, 0, 0, 1}));
    EXPECT_EQ(bench.value(matmul(column, stack)), Tensor({2, 2, 1, 2}, {1, 2, 5, 6, 3, 4, 7, 8}));
}

// The gradient with respect to `by` as it is printed, with delta for the cotangent.
std::string printed(Workbench& bench, Expr y, Expr by) {
    Type type = y.type();
    const Expr delta = bench.leaf("delta" + std::to_string(bench.graph.size()), type);
    std::string text = write_formula(bench.graph, bench.gradient_node(y, by, delta).id);
    const std::string& name = bench.graph.name(delta.id);
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name)) {
        text.replace(at, name.size(), "D");
    }
    return text;
}

TEST_F(Products, derive_in_the_forms_of_the_textbook) {
    // Nielsen, Neural Networks and Deep Learning, ch. 2: BP2 and BP4.
    EXPECT_EQ(printed(bench, matmul(W, x), W), "D @ x'");
    EXPECT_EQ(printed(bench, matmul(W, x), x), "W' @ D");
    EXPECT_EQ(printed(bench, matmul(z, W), z), "W @ D");
    EXPECT_EQ(printed(bench, matmul(z, W), W), "z @ D'");
    const Expr y = bench.leaf("y", vector_of({3, 1, 4}));
    EXPECT_EQ(printed(bench, matmul(x, y), x), "D * y");
    EXPECT_EQ(printed(bench, matmul(x, y), y), "D * x");
    const Expr V = bench.leaf("V", matrix_of({{1, 2}, {3, 4}, {5, 6}}));
    EXPECT_EQ(printed(bench, matmul(W, V), W), "D @ V'");
    EXPECT_EQ(printed(bench, matmul(W, V), V), "W' @ D");
}

TEST_F(Products, of_rows_derive_to_rows) {
    const Expr r = bench.row("r", vector_of({2, 3}));
    EXPECT_EQ(printed(bench, matmul(r, W), r), "D @ W'");
    EXPECT_EQ(printed(bench, matmul(r, W), W), "r' @ D");
    EXPECT_EQ(printed(bench, matmul(r, z), r), "D * z'");
    EXPECT_EQ(printed(bench, matmul(r, z), z), "D * r'");
    EXPECT_EQ(printed(bench, matmul(x, r), x), "D @ r'");
    EXPECT_EQ(printed(bench, matmul(x, r), r), "x' @ D");
}

TEST_F(Products, gradient_of_a_shared_matrix_adds_over_the_stack) {
    const Expr stack = bench.leaf("stack", Tensor({2, 1, 2}, {1, 2, 3, 4}));
    const Expr M = bench.leaf("M", matrix_of({{1, 0}, {0, 1}}));
    // sum over b of A_b' @ ones: column sums 1 + 3 and 2 + 4, alike for both columns of M.
    EXPECT_EQ(bench.gradient(matmul(stack, M), M), matrix_of({{4, 4}, {6, 6}}));
}

TEST_F(Products, outer_and_dot_have_their_values) {
    EXPECT_EQ(bench.value(call(outer_op, {z, x})), matrix_of({{10, -10, 20}, {1, -1, 2}}));
    EXPECT_EQ(bench.value(call(dot_op, {x, transpose(x)})), Tensor(6));
    EXPECT_EQ(printed(bench, call(outer_op, {z, x}), z), "D @ x");
    EXPECT_EQ(printed(bench, call(outer_op, {z, x}), x), "D' @ z");
}

TEST_F(Products, transpose_turns_the_last_two_axes) {
    EXPECT_EQ(bench.value(transpose(W)), matrix_of({{1, 4}, {2, 5}, {3, 6}}));
    const Expr stack = bench.leaf("stack", Tensor({2, 1, 2}, {1, 2, 3, 4}));
    EXPECT_EQ(bench.value(transpose(stack)), Tensor({2, 2, 1}, {1, 2, 3, 4}));
    const Expr wide =
        bench.leaf("wide", Tensor({2, 2, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
    EXPECT_EQ(bench.value(transpose(wide)),
              Tensor({2, 3, 2}, {1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12}));
    EXPECT_EQ(bench.value(transpose(transpose(x))), bench.value(x));
}

// --- functions of square matrices ----------------------------------------------------------------

Tensor hilbert(std::int64_t rows) {
    Tensor matrix = Tensor::filled({rows, rows}, 0);
    for (std::int64_t i = 0; i < rows * rows; ++i) {
        matrix.data[static_cast<std::size_t>(i)] =
            1.0 / static_cast<double>(i / rows + i % rows + 1);
    }
    return matrix;
}

TEST(Inverse, of_known_matrices) {
    Workbench bench;
    const auto inverse = [&](const std::string& name, const Tensor& value) {
        return bench.value(call(inverse_op, {bench.leaf(name, value)}));
    };
    expect_near(inverse("a", matrix_of({{4, 7}, {2, 6}})), matrix_of({{0.6, -0.7}, {-0.2, 0.4}}));
    // The first pivot is 0: rows must change places.
    expect_near(inverse("b", matrix_of({{0, 1}, {2, 0}})), matrix_of({{0, 0.5}, {1, 0}}));
    // The inverse of the Hilbert matrix is whole (Knuth, TAOCP vol. 1, 1.2.3, exercise 45).
    expect_near(inverse("h", hilbert(3)),
                matrix_of({{9, -36, 30}, {-36, 192, -180}, {30, -180, 180}}), 1e-10);
    EXPECT_EQ(inverse("none", Tensor({0, 0}, {})).shape, (Shape{0, 0}));
    EXPECT_EQ(inverse("one", matrix_of({{4}})), matrix_of({{0.25}}));
}

TEST(Inverse, of_a_singular_matrix_is_nan) {
    Workbench bench;
    const Tensor result =
        bench.value(call(inverse_op, {bench.leaf("a", matrix_of({{1, 2}, {2, 4}}))}));
    for (const double value : result.data) {
        EXPECT_TRUE(std::isnan(value));
    }
}

TEST(Inverse, gradient_is_that_of_one_over_x_for_one_row) {
    Workbench bench;
    const Expr a = bench.leaf("a", matrix_of({{4}}));
    EXPECT_EQ(bench.gradient(call(inverse_op, {a}), a), matrix_of({{-1.0 / 16}}));
    EXPECT_EQ(printed(bench, call(inverse_op, {a}), a), "-(inverse(a)' @ D @ inverse(a)')");
}

TEST(Logdet, of_known_matrices) {
    Workbench bench;
    const auto logdet = [&](const std::string& name, const Tensor& value) {
        return bench.value(call(logdet_op, {bench.leaf(name, value)})).data[0];
    };
    EXPECT_NEAR(logdet("a", matrix_of({{4, 7}, {2, 6}})), std::log(10), 1e-14);
    EXPECT_NEAR(logdet("negative", matrix_of({{0, 1}, {2, 0}})), std::log(2), 1e-14);
    // det of the 4 x 4 Hilbert matrix is 1 / 6048000 (OEIS A005249).
    EXPECT_NEAR(logdet("h", hilbert(4)), -std::log(6048000), 1e-11);
    EXPECT_EQ(logdet("singular", matrix_of({{1, 2}, {2, 4}})),
              -std::numeric_limits<double>::infinity());
    EXPECT_EQ(logdet("none", Tensor({0, 0}, {})), 0);
    // The determinant itself, 1e400, is no double.
    EXPECT_NEAR(logdet("large", matrix_of({{1e200, 0}, {0, 1e200}})), 400 * std::log(10), 1e-10);
}

TEST(Logdet, gradient_is_the_inverse_transposed) {
    Workbench bench;
    const Expr a = bench.leaf("a", matrix_of({{4, 7}, {2, 6}}));
    const Expr y = call(logdet_op, {a});
    expect_near(bench.gradient(y, a), matrix_of({{0.6, -0.2}, {-0.7, 0.4}}));
    EXPECT_EQ(printed(bench, y, a), "D * inverse(a)'");
}

TEST(Trace, adds_the_diagonal_up) {
    Workbench bench;
    const Expr a = bench.leaf("a", matrix_of({{1, 2}, {3, 4}}));
    EXPECT_EQ(bench.value(call(trace_op, {a})), Tensor(5));
    EXPECT_EQ(bench.gradient(call(trace_op, {a}), a), matrix_of({{1, 0}, {0, 1}}));
    EXPECT_EQ(printed(bench, call(trace_op, {a}), a), "D * eye(2)");
}

TEST(Trace, of_a_product_derives_to_the_other_factor_transposed) {
    // d tr(A B) / dA = B' (The Matrix Cookbook, eq. 100).
    Workbench bench;
    const Expr a = bench.leaf("a", matrix_of({{1, 2}, {3, 4}}));
    const Expr b = bench.leaf("b", matrix_of({{5, 6}, {7, 8}}));
    EXPECT_EQ(bench.gradient(call(trace_op, {matmul(a, b)}), a), matrix_of({{5, 7}, {6, 8}}));
}

// --- the norm ------------------------------------------------------------------------------------

TEST(Norm, neither_overflows_nor_underflows) {
    Workbench bench;
    const auto norm = [&](const std::string& name, const Tensor& value) {
        return bench.value(call(norm_op, {bench.leaf(name, value)})).data[0];
    };
    EXPECT_DOUBLE_EQ(norm("x", vector_of({3, -4})), 5);
    EXPECT_DOUBLE_EQ(norm("large", vector_of({3e200, 4e200})), 5e200);
    EXPECT_DOUBLE_EQ(norm("small", vector_of({3e-200, 4e-200})), 5e-200);
    EXPECT_EQ(norm("none", Tensor({0}, {})), 0);
    EXPECT_TRUE(std::isnan(norm("nan", vector_of({NAN, 1}))));
    EXPECT_TRUE(std::isinf(norm("infinite", vector_of({-INFINITY, 1}))));
}

TEST(Norm, gradient_at_zero_is_zero) {
    Workbench bench;
    const Expr zero = bench.leaf("zero", vector_of({0, 0}));
    EXPECT_EQ(bench.gradient(call(norm_op, {zero}), zero), vector_of({0, 0}));
    const Expr x = bench.leaf("x", vector_of({3, -4}));
    expect_near(bench.gradient(call(norm_op, {x}), x), vector_of({0.6, -0.8}));
}

}  // namespace
}  // namespace chainrule::tests
