#include <algorithm>

#include "notation/names.h"
#include "render/latex_table.h"
#include "render/render.h"

namespace chainrule {
namespace {

constexpr double page_width = 42;  // of the page below, without the indent, in ems

constexpr std::string_view preamble = R"(\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage[a4paper,margin=22mm]{geometry}
\usepackage[fleqn]{amsmath}
\usepackage{amssymb}
\allowdisplaybreaks
\setlength{\mathindent}{1.5em}
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt}
\begin{document}
)";

// Letters that the fonts of the preamble may lack become question marks: a file's name may hold
// any.
std::string escape_latex(std::string_view text) {
    std::string ascii;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7F) {
            ascii += c;
        } else if ((byte & 0xC0U) != 0x80U) {
            ascii += '?';
        }
    }
    return latex_text(ascii);
}

std::string table_latex(const WorksheetTable& table) {
    std::string text = table.lead.empty() ? "" : latex_prose(table.lead, escape_latex) + "\n";
    if (!table.rows.empty()) {
        text +=
            "\\begin{alignat*}{3}\n" + latex_table(table, page_width, "\\\\") + "\\end{alignat*}\n";
    }
    return text;
}

std::string remark_latex(const WorksheetRemark& remark) {
    const bool verified = remark.kind == WorksheetRemark::Kind::verified;
    return (verified ? "$\\checkmark$ " : "") + latex_prose(remark.text, escape_latex) + "\n\n";
}

}  // namespace

std::string render_latex(const Explanation& explanation) {
    const Worksheet sheet = make_worksheet(explanation);
    std::string text(preamble);
    text += "{\\Large\\bfseries " + escape_latex(sheet.title) + "\\par}\n";
    for (const WorksheetSection& section : sheet.sections) {
        text += "\n\\section*{\\boldmath\\everymath{\\displaystyle}" +
                latex_prose(section.title, escape_latex) + "}\n";
        for (const WorksheetBlock& block : section.blocks) {
            const auto* table = std::get_if<WorksheetTable>(&block);
            text += table != nullptr ? table_latex(*table)
                                     : remark_latex(std::get<WorksheetRemark>(block));
        }
    }
    return text + "\\end{document}\n";
}

}  // namespace chainrule
