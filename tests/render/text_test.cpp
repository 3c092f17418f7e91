#include <gtest/gtest.h>

#include <sstream>

#include "data/test_files.h"
#include "render/line_breaks.h"
#include "render/render.h"
#include "sample_explanations.h"
#include "support/processor_time.h"

namespace chainrule {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++found;
    }
    return found;
}

TEST(RenderText, gives_the_seven_answers_of_the_worksheet) {
    const std::string text = render_text(worksheet_explanation());
    for (const char* answer :
         {"z1 = x * w1", "a1 = g1(z1)", "= sigmoid(z1)", "Loss = Loss(a2, y)",
          "= 1/2 * (g2(g1(x * w1) * w2) - y)^2", "dLoss/dw2 = dLoss/da2 * da2/dz2 * dz2/dw2",
          "da2/dz2   = g2(z2) * (1 - g2(z2))", "= a2 * (1 - a2)",
          "dLoss/dw1 = dLoss/da2 * da2/dz2 * dz2/da1 * da1/dz1 * dz1/dw1",
          "= (a2 - y) * a2 * (1 - a2) * w2 * a1 * (1 - a1) * x",
          "w1 <- w1 - alpha * (a2 - y) * a2 * (1 - a2) * w2 * a1 * (1 - a1) * x"}) {
        EXPECT_TRUE(contains(text, answer)) << answer << "\n" << text;
    }
}

TEST(RenderText, puts_numbers_beside_the_symbols_exact_ones_with_an_equals_sign) {
    const std::string text = render_text(worksheet_explanation());
    EXPECT_TRUE(contains(text, "  z1 = x * w1                 = 0.15\n")) << text;
    EXPECT_TRUE(contains(text, "     = sigmoid(z2)            ≈ 0.433223\n")) << text;
    EXPECT_TRUE(contains(text, "≈ (-0.566777) * 0.245541 * 0.53743   ≈ -0.074792\n")) << text;
}

TEST(RenderText, names_the_rule_of_each_partial) {
    const std::string text = render_text(worksheet_explanation());
    EXPECT_TRUE(
        contains(text, "    dLoss/da2 = a2 - y                  ≈ -0.566777   power, subtract\n"));
    EXPECT_TRUE(contains(text, "sigmoid\n"));
}

TEST(RenderText, shows_a_partial_only_once) {
    const std::string text = render_text(worksheet_explanation());
    EXPECT_EQ(count(text, "dLoss/da2 = a2 - y"), 1U);
    EXPECT_TRUE(contains(text, "where dLoss/da2, da2/dz2 are as above and")) << text;
    const std::string deep = render_text(deep_explanation(20));
    EXPECT_EQ(count(deep, "da7/dz7   "), 1U);
    EXPECT_TRUE(contains(deep, "factors are as above and"));
    EXPECT_LT(lines_of(deep).size(), 600U);
}

TEST(RenderText, fits_the_terminal) {
    for (const int width : {40, 60, 80, 120}) {
        for (const Explanation& explanation :
             {worksheet_explanation(), tensor_explanation(), deep_explanation(20)}) {
            for (const std::string& line : lines_of(render_text(explanation, width))) {
                // Forty columns are too few for some numbers beside their rule.
                EXPECT_LE(columns_of(line), std::max(width, 60)) << line;
            }
        }
    }
}

TEST(RenderText, names_a_long_gradient_in_the_update_instead_of_repeating_it) {
    EXPECT_TRUE(contains(render_text(deep_explanation(20)), "w3  <- w3 - alpha * dLoss/dw3\n"));
}

TEST(RenderText, shows_cotangents_once_before_the_gradients) {
    const std::string text = render_text(tensor_explanation());
    EXPECT_LT(text.find("Going back, from the loss"), text.find("dLoss/dW2\n"));
    EXPECT_TRUE(contains(text, "delta2 = dLoss/dz2 ")) << text;
    EXPECT_TRUE(contains(text, "through z2: W2' @ delta2")) << text;
    EXPECT_TRUE(contains(text, "≈ [[ 0.140544,  0.0672353,  0.220199],\n")) << text;
    EXPECT_TRUE(contains(text, "w3 does not reach the loss")) << text;
}

TEST(RenderText, says_what_was_verified) {
    EXPECT_TRUE(contains(render_text(worksheet_explanation()),
                         "✓ verified at 20 random points: largest relative error 3e-12\n"));
    Explanation explanation = worksheet_explanation();
    for (GradientLine& gradient : explanation.gradients) {
        gradient.verified.reset();
    }
    EXPECT_FALSE(contains(render_text(explanation), "verified"));
}

TEST(RenderText, colour_changes_nothing_but_colour) {
    std::string coloured = render_text(worksheet_explanation(), 80, true);
    const std::string plain = render_text(worksheet_explanation(), 80, false);
    EXPECT_FALSE(contains(plain, "\x1b"));
    EXPECT_TRUE(contains(coloured, "\x1b[34m= 0.15\x1b[0m"));
    for (std::size_t at = coloured.find('\x1b'); at != std::string::npos;
         at = coloured.find('\x1b')) {
        coloured.erase(at, coloured.find('m', at) + 1 - at);
    }
    EXPECT_EQ(coloured, plain);
}

TEST(RenderText, a_chain_of_two_thousand_nodes_takes_no_time) {
    Explanation explanation = deep_explanation(1000);
    explanation.gradients.resize(1);
    explanation.update.resize(1);
    const tests::ProcessorTime time;
    EXPECT_GT(render_text(explanation).size(), 100'000U);
    EXPECT_GT(render_html(explanation).size(), 100'000U);
    EXPECT_GT(render_latex(explanation).size(), 100'000U);
    EXPECT_LT(time.seconds(), 10);
}

}  // namespace
}  // namespace chainrule
