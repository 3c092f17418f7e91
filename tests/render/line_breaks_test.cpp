#include "render/line_breaks.h"

#include <gtest/gtest.h>

#include "render/number_text.h"

namespace chainrule {
namespace {

using Lines = std::vector<std::string>;

std::string joined(const std::vector<FormulaPiece>& pieces) {
    std::string text;
    for (const FormulaPiece& piece : pieces) {
        text += piece.text;
    }
    return text;
}

TEST(LineBreaks, text_ends_a_line_on_an_operator_so_that_it_stays_legal_input) {
    EXPECT_EQ(wrap_text("alpha * beta + gamma * delta", 16),
              (Lines{"alpha * beta +", "gamma * delta"}));
}

TEST(LineBreaks, a_sum_is_broken_before_a_product_and_outside_before_inside_brackets) {
    EXPECT_EQ(wrap_text("f(a + b) + g(c + d)", 14), (Lines{"f(a + b) +", "g(c + d)"}));
}

TEST(LineBreaks, never_inside_a_name_or_a_number) {
    EXPECT_EQ(wrap_text("averylongname", 5), Lines{"averylongname"});
    EXPECT_EQ(wrap_text("x * 1e-5 - -3", 6), (Lines{"x *", "1e-5 -", "-3"}));
}

TEST(LineBreaks, pieces_are_the_formula) {
    const std::string text = "1/2 * (g2(g1(x * w1) * w2) - y)^2";
    EXPECT_EQ(joined(text_pieces(text)), text);
    const std::string latex = "\\frac{1}{2} \\cdot (a_2 - y)^{2} + \\sqrt[3]{x - 1}";
    EXPECT_EQ(joined(latex_pieces(latex)), latex);
}

TEST(LineBreaks, latex_begins_a_line_with_an_operator) {
    EXPECT_EQ(join_lines(latex_pieces("a + b \\cdot c"), 1, 2.5), (Lines{"a", "+ b", "\\cdot c"}));
}

TEST(LineBreaks, a_sign_is_no_operator) {
    Lines texts;
    for (const FormulaPiece& piece : latex_pieces("-a \\cdot (-b)")) {
        texts.push_back(piece.text);
    }
    EXPECT_EQ(texts, (Lines{"-a ", "\\cdot (", "-b)"}));
}

TEST(LineBreaks, braces_and_sized_brackets_stay_whole) {
    EXPECT_EQ(latex_pieces("\\frac{a + b}{c + d}").size(), 1U);
    EXPECT_EQ(latex_pieces("\\left(\\frac{a}{b} + c\\right)").size(), 1U);
    EXPECT_EQ(latex_pieces("\\begin{bmatrix} 1 + 2 \\\\ 3 \\end{bmatrix}").size(), 1U);
}

TEST(LineBreaks, brackets_that_need_no_size_lose_it_and_wide_ones_can_be_broken) {
    EXPECT_EQ(joined(latex_pieces("g\\left(z + 1\\right)")), "g(z + 1)");
    std::string wide = "\\left(\\frac{a}{b}";
    for (int i = 0; i < 40; ++i) {
        wide += " + x_{" + std::to_string(i) + "}";
    }
    const auto pieces = latex_pieces(wide + "\\right)");
    EXPECT_EQ(joined(pieces).find("\\left"), std::string::npos);
    EXPECT_NE(joined(pieces).find("\\bigl("), std::string::npos);
    EXPECT_GT(pieces.size(), 30U);
}

TEST(Numbers, have_six_digits_and_plain_exponents) {
    EXPECT_EQ(short_number(0.4332226447), "0.433223");
    EXPECT_EQ(short_number(-1.5e-7), "-1.5e-7");
    EXPECT_EQ(short_number(1e30), "1e30");
    EXPECT_EQ(short_number(-0.0), "0");
    EXPECT_EQ(short_number(-std::numeric_limits<double>::quiet_NaN()), "nan");
    EXPECT_EQ(short_number(-std::numeric_limits<double>::infinity()), "-inf");
    EXPECT_EQ(latex_number(-1.5e-7), "-1.5 \\times 10^{-7}");
    EXPECT_EQ(latex_number(1e30), "10^{30}");
}

TEST(Numbers, of_large_tensors_are_summed_up) {
    EXPECT_EQ(tensor_lines(Tensor::filled({128, 784}, 0.5), 80),
              Lines{"[128, 784]: 0.5, 0.5, 0.5, ..."});
    EXPECT_EQ(tensor_lines(Tensor({2, 2}, {1, -20, 3, 4}), 80),
              (Lines{"[[1, -20],", " [3,   4]]"}));
    EXPECT_EQ(tensor_lines(Tensor({0}, {}), 80), Lines{"[]"});
    EXPECT_EQ(tensor_lines(Tensor({2, 0}, {}), 80), Lines{"[[], []]"});
    EXPECT_EQ(latex_tensor(Tensor::filled({128, 784}, 0.5)), "\\text{[128, 784]}");
}

}  // namespace
}  // namespace chainrule
