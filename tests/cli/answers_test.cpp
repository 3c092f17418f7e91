// What `check --answers` reads: the seven answers of the worksheet in the forms that people write
// them.
#include <gtest/gtest.h>

#include "support/explained.h"
#include "support/run_program.h"

namespace chainrule::tests {
namespace {

std::vector<std::string> all_right(std::size_t n) { return std::vector<std::string>(n, "right"); }

TEST(CliAnswers, the_seven_answers_are_right_with_abstract_functions) {
    EXPECT_EQ(marks(worksheet,
                    "z1 = x * w1\n"
                    "a1 = g1(z1)\n"
                    "z2 = a1 * w2\n"
                    "a2 = g2(z2)\n"
                    "Loss = Loss(g2(g1(x * w1) * w2), y)\n"
                    "dLoss/dw2 = dLoss/da2 * da2/dz2 * dz2/dw2\n"
                    "da2/dz2 = g2'(z2)\n"
                    "dLoss/da2 = D(Loss, 1)(a2, y)\n"
                    "dLoss/dw2 = D(Loss, 1)(a2, y) * g2'(z2) * a1\n"
                    "dLoss/dw1 = dLoss/da2 * da2/dz2 * dz2/da1 * da1/dz1 * dz1/dw1\n"
                    "dLoss/dw1 = D(Loss, 1)(a2, y) * g2'(z2) * w2 * g1'(z1) * x\n"
                    "w1 <- w1 - alpha * D(Loss, 1)(a2, y) * g2'(z2) * w2 * g1'(z1) * x\n"),
              all_right(12));
}

TEST(CliAnswers, the_seven_answers_are_right_with_the_functions_given) {
    EXPECT_EQ(marks(worksheet,
                    "a1 = sigmoid(x * w1)\n"
                    "Loss = 1/2 * (g2(g1(x * w1) * w2) - y)^2\n"
                    "da2/dz2 = g2(z2)*(1 - g2(z2)) = a2*(1 - a2)\n"
                    "dLoss/dw2 = (a2 - y) * a2 * (1 - a2) * a1\n"
                    "dLoss/dw1 = (a2 - y) * a2 * (1 - a2) * w2 * a1 * (1 - a1) * x\n"
                    "w1 <- w1 - alpha * (a2 - y) * a2 * (1 - a2) * w2 * a1 * (1 - a1) * x\n",
                    worksheet_functions()),
              all_right(6));
}

// The same in other algebra: factored, expanded, written out, by other partials, in Unicode.
TEST(CliAnswers, any_algebraically_equal_form_is_right) {
    EXPECT_EQ(marks(worksheet,
                    "dLoss/dw2 = -(y - a2) * (a2 - a2^2) * a1\n"
                    "dLoss/dw2 = a1 * a2 * (1 - a2) * a2 - a1 * a2 * (1 - a2) * y\n"
                    "dLoss/dw2 = (sigmoid(z2) - y) * sigmoid(z2) * sigmoid(-z2) * a1\n"
                    "dLoss/dw1 = dLoss/dz1 * x\n"
                    "dLoss/dw1 = dLoss/da1 * g1'(z1) * x\n"
                    "dLoss/dw1 = dLoss/dw2 / a1 * w2 * a1 * (1 - a1) * x\n"
                    "da2/dz2 = exp(-z2) / (1 + exp(-z2))^2\n"
                    "dLoss/dw2 = (a2 − y) · a2 · (1 − a2) · a1\n",
                    worksheet_functions()),
              all_right(8));
}

// A cotangent times a Jacobian is the cotangent pulled back.
TEST(CliAnswers, chains_of_matrices_are_right_as_a_textbook_writes_them) {
    const char* const layers =
        "input x[2]\ntarget y[2]\nweight W1[3,2], b1[3], W2[2,3]\nz1 = W1 @ x + b1\n"
        "a1 = sigmoid(z1)\nz2 = W2 @ a1\na2 = softmax(z2)\noutput a2\n"
        "loss squared_error(a2, y)\n";
    EXPECT_EQ(marks(layers,
                    "dLoss/dW2 = dLoss/da2 * da2/dz2 * dz2/dW2\n"
                    "dLoss/dW1 = dLoss/da2 * da2/dz2 * dz2/da1 * da1/dz1 * dz1/dW1\n"
                    "dLoss/db1 = dLoss/dz1 * dz1/db1\n"
                    "dz1/db1 = 1\n"
                    "dLoss/dW1 = -dLoss/dz1 * dz1/dW1\n"
                    "dz1/db1 = 2\n"),
              (std::vector<std::string>{"right", "right", "right", "right", "wrong", "wrong"}));
}

TEST(CliAnswers, lines_that_slip_are_wrong) {
    for (const char* line :
         {"dLoss/dw2 = (a2 - y) * a2 * (1 - a2)", "dLoss/dw2 = a2 * (1 - a2) * a1",
          "dLoss/dw2 = (a2 + y) * a2 * (1 - a2) * a1",
          "dLoss/dw2 = 2 * (a2 - y) * a2 * (1 - a2) * a1", "z1 = x + w1",
          "w1 <- w1 + alpha * dLoss/dw1", "da2/dz2 = a2 * (1 - a1)", "Loss = (a2 - y)^2"}) {
        EXPECT_EQ(marks(worksheet, std::string(line) + "\n", worksheet_functions()),
                  std::vector<std::string>{"wrong"})
            << line;
    }
}

}  // namespace
}  // namespace chainrule::tests
