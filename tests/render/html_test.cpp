#include <gtest/gtest.h>

#include "commands.h"
#include "notation/formula.h"
#include "ops/rules.h"
#include "render/markup.h"
#include "render/mathml.h"
#include "render/render.h"
#include "sample_explanations.h"

namespace chainrule {
namespace {

std::string mathml(const std::string& latex) { return latex_to_mathml(latex).markup; }

TEST(MathMl, sets_fractions_scripts_and_roots) {
    EXPECT_EQ(mathml("\\frac{1}{2}"),
              "<mfrac><mrow><mn>1</mn></mrow><mrow><mn>2</mn></mrow></mfrac>");
    EXPECT_EQ(mathml("w_1"), "<msub><mi>w</mi><mrow><mn>1</mn></mrow></msub>");
    EXPECT_EQ(mathml("\\sqrt[3]{x}"),
              "<mroot><mrow><mi>x</mi></mrow><mrow><mn>3</mn></mrow></mroot>");
    EXPECT_EQ(mathml("x^23"), "<msup><mi>x</mi><mrow><mn>2</mn></mrow></msup><mn>3</mn>");
}

TEST(MathMl, tells_a_sign_from_an_operator) {
    EXPECT_EQ(mathml("-x"), "<mo form=\"prefix\">−</mo><mi>x</mi>");
    EXPECT_EQ(mathml("a - b"), "<mi>a</mi><mo form=\"infix\">−</mo><mi>b</mi>");
    EXPECT_EQ(latex_to_mathml("- b", true).markup, "<mo form=\"infix\">−</mo><mi>b</mi>");
}

TEST(MathMl, a_function_is_apart_from_its_argument) {
    EXPECT_NE(mathml("\\log x").find("<mspace"), std::string::npos);
    EXPECT_NE(mathml("\\log(x)").find("&#x2061;"), std::string::npos);
}

TEST(MathMl, escapes_what_the_user_wrote) {
    EXPECT_EQ(mathml("\\text{a<b \\& c\\_d}"), "<mtext>a&lt;b &amp; c_d</mtext>");
    EXPECT_EQ(mathml("a < b"), "<mi>a</mi><mo form=\"infix\">&lt;</mo><mi>b</mi>");
    EXPECT_EQ(escape_markup("<a b='c' d=\"e\">&"), "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;");
}

TEST(MathMl, names_a_command_that_it_does_not_know) {
    const MathMl result = latex_to_mathml("\\nonsense{x}");
    EXPECT_EQ(result.unknown, std::vector<std::string>{"\\nonsense"});
}

TEST(MathMl, is_well_formed_for_malformed_latex) {
    for (const char* latex : {"{",        "}",        "\\frac{1}",
                              "\\frac",   "x^",       "_",
                              "\\left(",  "\\right)", "\\begin{bmatrix} 1 &",
                              "\\end{x}", "\\sqrt[",  "a & b \\\\ c",
                              "\\",       "\\text{",  "''",
                              "^^",       "\\left",   "&&",
                              "\\bigl",   "\\begin",  "\\mathbf",
                              "{{}",      "}}x"}) {
        EXPECT_EQ(markup_error(mathml(latex)), "") << latex << " -> " << mathml(latex);
    }
}

TEST(MathMl, deep_nesting_exhausts_no_stack) {
    std::string deep;
    for (int i = 0; i < 10'000; ++i) {
        deep += "\\frac{1}{";
    }
    EXPECT_EQ(markup_error(mathml(deep)), "");
    std::string brackets;
    for (int i = 0; i < 10'000; ++i) {
        brackets += "\\left(";
    }
    EXPECT_EQ(markup_error(mathml(brackets)), "");
}

// The formula of an op on leaves of the types that its first sample has.
std::string sample_formula(const Op& op) {
    Graph graph;
    const SampleCase sample = op.sample.cases()[0];
    std::vector<NodeId> operands;
    for (std::size_t i = 0; i < sample.operands.size(); ++i) {
        Type type = sample.operands[i];
        operands.push_back(graph.add_named("x" + std::to_string(i + 1), leaf_op, {},
                                           {std::string("input"), type}));
    }
    const NodeId id = graph.add(op, operands, sample.attributes);
    return write_formula(
        graph, id, {.script = Script::latex, .definition = true, .unfold = {}, .as_written = {}});
}

TEST(MathMl, knows_the_notation_of_every_op) {
    int seen = 0;
    for (const Op* op : all_ops()) {
        if (op->is_leaf() || op->sample.cases().empty()) {
            continue;
        }
        const std::string latex = sample_formula(*op);
        const MathMl result = latex_to_mathml(latex);
        EXPECT_TRUE(result.unknown.empty()) << op->name << ": " << result.unknown[0];
        EXPECT_EQ(markup_error(result.markup), "") << op->name << ": " << latex;
        ++seen;
    }
    EXPECT_GT(seen, 40);
}

TEST(RenderHtml, is_one_well_formed_page_that_loads_nothing) {
    for (const Explanation& explanation : {worksheet_explanation(), abstract_explanation(),
                                           tensor_explanation(), deep_explanation(20)}) {
        const std::string page = render_html(explanation);
        EXPECT_EQ(markup_error(page), "");
        for (const char* outside : {"http", "url(", "@import", "<script", "<link", "src="}) {
            EXPECT_EQ(page.find(outside), std::string::npos) << outside;
        }
        EXPECT_NE(page.find("prefers-color-scheme: dark"), std::string::npos);
        EXPECT_NE(page.find("@media print"), std::string::npos);
    }
}

TEST(RenderHtml, shows_numbers_beside_symbols_and_text_on_hovering) {
    const std::string page = render_html(worksheet_explanation());
    EXPECT_NE(page.find("title=\"a2 * (1 - a2)\""), std::string::npos);
    EXPECT_NE(page.find("<mn>0.245541</mn>"), std::string::npos);
    EXPECT_NE(page.find("<td class=\"note\">sigmoid</td>"), std::string::npos);
}

TEST(RenderHtml, escapes_everything_of_the_user) {
    Explanation explanation = worksheet_explanation();
    explanation.network = "<script>alert('x')</script>&.nn";
    explanation.remarks = {"<img onerror=\"x\">"};
    explanation.forward[0].expr = {"x < \"1\"", "x < 1"};
    const std::string page = render_html(explanation);
    EXPECT_EQ(markup_error(page), "");
    EXPECT_EQ(page.find("<script"), std::string::npos);
    EXPECT_EQ(page.find("<img"), std::string::npos);
    EXPECT_NE(page.find("title=\"x &lt; &quot;1&quot;\""), std::string::npos);
}

TEST(RenderHtml, takes_the_picture_in_without_addresses) {
    const std::string svg =
        "<?xml version=\"1.0\"?>\n<!DOCTYPE svg PUBLIC \"x\" \"http://example.org/svg.dtd\">\n"
        "<svg width=\"8pt\" xmlns=\"http://www.w3.org/2000/svg\" "
        "xmlns:xlink=\"http://www.w3.org/1999/xlink\"><g></g></svg>\n";
    const std::string page = render_html(worksheet_explanation(), svg);
    EXPECT_NE(page.find("<figure><svg width=\"8pt\"><g></g></svg>"), std::string::npos);
    EXPECT_EQ(page.find("http"), std::string::npos);
    EXPECT_EQ(markup_error(page), "");
}

}  // namespace
}  // namespace chainrule
