#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "commands.h"
#include "render/line_breaks.h"
#include "render/render.h"
#include "sample_explanations.h"

namespace chainrule {
namespace {

bool has(const std::string& command) { return run_command("command -v " + command).status == 0; }

std::vector<Explanation> samples() {
    return {worksheet_explanation(), abstract_explanation(), tensor_explanation(),
            deep_explanation(20)};
}

// The formulas between `open` and `close`, one per line.
std::string formulas(const std::string& text, const std::string& open, const std::string& close) {
    std::string lines;
    for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
        const std::size_t end = text.find(close, at + open.size());
        std::string formula = text.substr(at + open.size(), end - at - open.size());
        std::ranges::replace(formula, '\n', ' ');
        lines += formula + "\n";
        at = end + close.size();
    }
    return lines;
}

CommandResult compile_formulas(const std::string& lines) {
    return run_command("node " CHAINRULE_SOURCE_DIR "/tests/support/check_latex.js", lines);
}

bool has_katex() { return compile_formulas("x\n").status == 0; }

TEST(RenderMarkdown, its_formulas_compile) {
    if (!has_katex()) {
        GTEST_SKIP() << "no node with KaTeX";
    }
    for (const Explanation& explanation : samples()) {
        const std::string text = render_markdown(explanation);
        const std::string lines = formulas(text, "$$\n", "\n$$");
        ASSERT_GT(lines.size(), 200U);
        const CommandResult result = compile_formulas(lines);
        EXPECT_EQ(result.status, 0) << result.output;
    }
}

TEST(RenderMarkdown, has_no_double_backslash_which_some_readers_halve) {
    EXPECT_EQ(render_markdown(tensor_explanation()).find("\\\\"), std::string::npos);
}

TEST(RenderMarkdown, a_name_of_a_file_is_no_markup) {
    Explanation explanation = worksheet_explanation();
    explanation.network = "a_b*<i>$x$.nn";
    EXPECT_TRUE(render_markdown(explanation).starts_with("# a\\_b\\*\\<i\\>\\$x\\$.nn\n"));
}

TEST(RenderLatex, its_formulas_compile) {
    if (!has_katex()) {
        GTEST_SKIP() << "no node with KaTeX";
    }
    for (const Explanation& explanation : samples()) {
        std::string lines =
            formulas(render_latex(explanation), "\\begin{alignat*}{3}", "\\end{alignat*}");
        ASSERT_GT(lines.size(), 200U);
        std::string wrapped;
        for (std::size_t at = 0, end = 0; at < lines.size(); at = end + 1) {
            end = lines.find('\n', at);
            wrapped += "\\begin{alignat*}{3}" + lines.substr(at, end - at) + "\\end{alignat*}\n";
        }
        const CommandResult result = compile_formulas(wrapped);
        EXPECT_EQ(result.status, 0) << result.output;
    }
}

TEST(RenderLatex, the_document_compiles_with_no_line_too_wide) {
    if (!has("pdflatex")) {
        GTEST_SKIP() << "no pdflatex";
    }
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("chainrule_latex_" + std::to_string(getpid()));
    std::filesystem::create_directory(folder);
    for (Explanation& explanation : samples()) {
        explanation.network = "ünder_score & 100%^~\\{#}$.nn";
        std::ofstream(folder / "page.tex") << render_latex(explanation);
        const CommandResult result =
            run_command("cd " + folder.string() +
                        " && pdflatex -interaction=nonstopmode -halt-on-error page.tex");
        EXPECT_EQ(result.status, 0) << result.output;
        EXPECT_EQ(result.output.find("Overfull \\hbox"), std::string::npos) << result.output;
    }
    std::filesystem::remove_all(folder);
}

TEST(RenderLatex, breaks_long_formulas) {
    const std::string text = render_latex(deep_explanation(20));
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        EXPECT_LT(latex_width(text.substr(at, end - at)), 60) << text.substr(at, end - at);
        at = end + 1;
    }
}

}  // namespace
}  // namespace chainrule
