// The derivatives of the Matrix Cookbook, handed in as answers: the published formula is marked
// right, the same with a slip is marked wrong.
//
// Petersen and Pedersen, "The Matrix Cookbook", version of November 15, 2012, chapter 2.
#include <gtest/gtest.h>

#include <ostream>

#include "support/explained.h"

namespace chainrule::tests {
namespace {

struct Derivative {
    std::string name;
    std::string section;
    std::string text;
    std::string published;
    std::string slip;
};

void PrintTo(const Derivative& row, std::ostream* out) { *out << row.section; }

const std::vector<Derivative> cookbook{
    {"log_determinant", "2.1.4", "weight X[3,3]\nloss logdet(X)\n", "dLoss/dX = inverse(X)'",
     "dLoss/dX = inverse(X)"},
    {"inverse_between_vectors", "2.2",
     "weight X[3,3]\nconstant a[3], b[3]\nloss dot(a, inverse(X) @ b)\n",
     "dLoss/dX = -inverse(X)' @ a @ b' @ inverse(X)'",
     "dLoss/dX = -inverse(X)' @ b @ a' @ inverse(X)'"},
    {"trace_of_an_inverse", "2.2",
     "weight X[3,3]\nconstant A[3,3], B[3,3]\nloss trace(A @ inverse(X) @ B)\n",
     "dLoss/dX = -(inverse(X) @ B @ A @ inverse(X))'",
     "dLoss/dX = -(inverse(X) @ A @ B @ inverse(X))'"},
    {"linear_form", "2.4.1", "weight x[3]\nconstant a[3]\nloss x' @ a\n", "dLoss/dx = a",
     "dLoss/dx = x"},
    {"bilinear_form", "2.4.1", "weight X[3,2]\nconstant a[3], b[2]\nloss a' @ X @ b\n",
     "dLoss/dX = a @ b'", "dLoss/dX = a @ b' + X"},
    {"bilinear_form_transposed", "2.4.1", "weight X[2,3]\nconstant a[3], b[2]\nloss a' @ X' @ b\n",
     "dLoss/dX = b @ a'", "dLoss/dX = -b @ a'"},
    {"second_order_form", "2.4.2", "weight X[3,2]\nconstant b[2], c[2]\nloss b' @ X' @ X @ c\n",
     "dLoss/dX = X @ (b @ c' + c @ b')", "dLoss/dX = X @ (b @ c')"},
    {"quadratic_form", "2.4.2", "weight x[3]\nconstant B[3,3]\nloss x' @ B @ x\n",
     "dLoss/dx = (B + B') @ x", "dLoss/dx = 2 * B @ x"},
    {"weighted_least_squares", "2.4.2",
     "weight s[2]\nconstant x[3], A[3,2], W[3,3]\nr = x - A @ s\nloss r' @ W @ r\n",
     "dLoss/ds = -A' @ (W + W') @ (x - A @ s)", "dLoss/ds = -2 * A' @ W @ (x - A @ s)"},
    {"trace_of_a_product", "2.5.1", "weight X[3,2]\nconstant A[2,3]\nloss trace(X @ A)\n",
     "dLoss/dX = A'", "dLoss/dX = -A'"},
    {"trace_of_a_sandwich", "2.5.1",
     "weight X[3,2]\nconstant A[2,3], B[2,2]\nloss trace(A @ X @ B)\n", "dLoss/dX = A' @ B'",
     "dLoss/dX = A' @ B"},
    {"trace_of_a_square", "2.5.2", "weight X[3,3]\nloss trace(X @ X)\n", "dLoss/dX = 2 * X'",
     "dLoss/dX = 2 * X"},
    {"trace_of_a_square_and_a_constant", "2.5.2",
     "weight X[3,3]\nconstant A[3,3]\nloss trace(X @ X @ A)\n", "dLoss/dX = (X @ A + A @ X)'",
     "dLoss/dX = (X @ A + A @ X)"},
    {"trace_of_a_quadratic_form", "2.5.2",
     "weight X[3,2]\nconstant B[3,3]\nloss trace(X' @ B @ X)\n", "dLoss/dX = B @ X + B' @ X",
     "dLoss/dX = 2 * B @ X"},
    {"frobenius_norm", "2.8.2", "weight X[3,2]\nloss sum(X^2)\n", "dLoss/dX = 2 * X",
     "dLoss/dX = X"},
    {"distance", "2.6.1", "weight x[3]\nconstant a[3]\nloss norm(x - a)\n",
     "dLoss/dx = (x - a) / norm(x - a)", "dLoss/dx = (x - a) / norm(x + a)"},
};

class MatrixCookbook : public testing::TestWithParam<Derivative> {};

TEST_P(MatrixCookbook, has_it_too) {
    const Derivative& row = GetParam();
    EXPECT_EQ(marks(row.text, row.published + "\n" + row.slip + "\n"),
              (std::vector<std::string>{"right", "wrong"}))
        << row.section;
}

// What is printed for it computes the same: the program's own comparison with differences.
TEST_P(MatrixCookbook, has_it_verified) {
    const nlohmann::json json = explained(GetParam().text);
    for (const nlohmann::json& gradient : json["gradients"]) {
        EXPECT_EQ(gradient["verified"]["points"], 20);
        EXPECT_LT(gradient["verified"]["max_relative_error"], 1e-6);
    }
}

INSTANTIATE_TEST_SUITE_P(Of, MatrixCookbook, testing::ValuesIn(cookbook),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace chainrule::tests
