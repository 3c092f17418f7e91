#include "render/latex_table.h"
#include "render/render.h"

namespace chainrule {
namespace {

constexpr double github_width = 44;  // of GitHub's column, in ems

// Characters that mean something in Markdown stand for themselves behind a backslash.
std::string escape_markdown(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        const bool special =
            std::string_view("\\`*_{}[]<>()#+!|$~&").find(c) != std::string_view::npos;
        escaped += special ? std::string{'\\', c} : c == '\n' ? " " : std::string{c};
    }
    return escaped;
}

// Some readers of Markdown take one of two backslashes away before the formula is set: `\cr` ends a
// row of a matrix as well.
std::string with_cr(std::string latex) {
    constexpr std::string_view line_end = "\\\\";
    for (std::size_t at = latex.find(line_end); at != std::string::npos;
         at = latex.find(line_end, at)) {
        latex.replace(at, line_end.size(), "\\cr");
    }
    return latex;
}

std::string table_markdown(const WorksheetTable& table) {
    std::string text = table.lead.empty() ? "" : latex_prose(table.lead, escape_markdown) + "\n\n";
    if (!table.rows.empty()) {
        text += "$$\n\\begin{alignedat}{3}\n" + with_cr(latex_table(table, github_width, "\\cr")) +
                "\\end{alignedat}\n$$\n\n";
    }
    return text;
}

std::string remark_markdown(const WorksheetRemark& remark) {
    const bool verified = remark.kind == WorksheetRemark::Kind::verified;
    return (verified ? "✓ " : "") + latex_prose(remark.text, escape_markdown) + "\n\n";
}

}  // namespace

std::string render_markdown(const Explanation& explanation) {
    const Worksheet sheet = make_worksheet(explanation);
    std::string text = "# " + escape_markdown(sheet.title) + "\n\n";
    for (const WorksheetSection& section : sheet.sections) {
        text += "## " + latex_prose(section.title, escape_markdown) + "\n\n";
        for (const WorksheetBlock& block : section.blocks) {
            const auto* table = std::get_if<WorksheetTable>(&block);
            text += table != nullptr ? table_markdown(*table)
                                     : remark_markdown(std::get<WorksheetRemark>(block));
        }
    }
    text.pop_back();
    return text;
}

}  // namespace chainrule
