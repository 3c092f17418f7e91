// How names are set in LaTeX.
#include "notation/names.h"

#include <gtest/gtest.h>

namespace chainrule::tests {
namespace {

TEST(LatexName, sets_trailing_digits_as_a_subscript) {
    EXPECT_EQ(latex_name("w1"), "w_1");
    EXPECT_EQ(latex_name("z12"), "z_{12}");
    EXPECT_EQ(latex_name("a10"), "a_{10}");
    EXPECT_EQ(latex_name("x"), "x");
}

TEST(LatexName, knows_the_greek_letters) {
    EXPECT_EQ(latex_name("alpha"), "\\alpha");
    EXPECT_EQ(latex_name("delta2"), "\\delta_2");
    EXPECT_EQ(latex_name("Sigma"), "\\Sigma");
    EXPECT_EQ(latex_name("lambda_max"), "\\lambda_{\\text{max}}");
    EXPECT_EQ(latex_name("omicron"), "\\mathrm{omicron}") << "TeX has no such command";
    EXPECT_EQ(latex_name("Alpha"), "\\mathrm{Alpha}") << "nor this one";
}

TEST(LatexName, sets_words_upright) {
    EXPECT_EQ(latex_name("Loss"), "\\mathrm{Loss}");
    EXPECT_EQ(latex_name("bias2"), "\\mathrm{bias}_2");
}

TEST(LatexName, sets_what_follows_an_underscore_as_a_subscript) {
    EXPECT_EQ(latex_name("W_hidden"), "W_{\\text{hidden}}");
    EXPECT_EQ(latex_name("W_h"), "W_h");
    EXPECT_EQ(latex_name("x_12"), "x_{12}");
    EXPECT_EQ(latex_name("W_in_out"), "W_{\\text{in\\_out}}");
}

TEST(LatexName, sets_the_owner_of_a_weight_as_a_superscript) {
    EXPECT_EQ(latex_name("h.W"), "W^{(\\text{h})}");
    EXPECT_EQ(latex_name("h1.b"), "b^{(\\text{h1})}");
    EXPECT_EQ(latex_name("block.h.W1"), "W_1^{(\\text{block.h})}");
}

TEST(LatexName, sets_a_cotangent_of_a_layer_as_the_delta_of_its_name) {
    EXPECT_EQ(latex_name("delta_h.z"), "\\delta_{z^{(\\text{h})}}");
    EXPECT_EQ(latex_name("delta_h"), "\\delta_h");
}

TEST(LatexName, has_an_answer_for_odd_names) {
    EXPECT_EQ(latex_name("_"), "\\_");
    EXPECT_EQ(latex_name("x_"), "\\mathrm{x\\_}");
    EXPECT_EQ(latex_name("_x"), "\\mathrm{\\_x}");
    EXPECT_EQ(latex_name("x__y"), "x_{\\text{\\_y}}");
}

TEST(LatexText, escapes_what_tex_reads_as_commands) {
    EXPECT_EQ(latex_text("a_b {c} 50% #1 $ & ~ ^ \\"),
              "a\\_b \\{c\\} 50\\% \\#1 \\$ \\& \\~{} \\^{} \\textbackslash{}");
}

}  // namespace
}  // namespace chainrule::tests
