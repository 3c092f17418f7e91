#include <fmt/format.h>

#include "render/html_page.h"
#include "render/html_style.h"
#include "render/line_breaks.h"
#include "render/markup.h"
#include "render/mathml.h"
#include "render/number_text.h"
#include "render/render.h"
#include "render/worksheet.h"

namespace chainrule {
namespace {

constexpr double max_unbroken = 15;  // ems; a longer formula may be broken by the browser
constexpr double part_width = 8;
constexpr std::size_t max_tip = 400;  // characters of a formula's text that are shown on hovering

std::string math(std::string_view latex, bool goes_on = false) {
    return element("math", latex_to_mathml(latex, goes_on).markup, "displaystyle=\"true\"");
}

// Browsers do not break a <math> element: a long formula is several, with breaks allowed between.
std::string formula_html(const Formula& formula) {
    const std::vector<FormulaPiece> pieces = latex_pieces(formula.latex);
    double width = 0;
    for (const FormulaPiece& piece : pieces) {
        width += piece.width;
    }
    const double room = width <= max_unbroken ? width : part_width;
    std::string markup;
    bool goes_on = false;
    for (const std::string& part : join_lines(pieces, room + 1, room + 1)) {
        markup += (markup.empty() ? "" : "<wbr/>") + math(part, goes_on);
        goes_on = !part.ends_with('(') && !part.ends_with(',');
    }
    return markup;
}

std::string prose_html(const Prose& prose) {
    std::string markup;
    for (const auto& part : prose) {
        const auto* words = std::get_if<std::string>(&part);
        markup += words != nullptr ? escape_markup(*words) : math(std::get<Formula>(part).latex);
    }
    return markup;
}

std::string_view html_sign(Relation relation) {
    switch (relation) {
    case Relation::equals:
        return "=";
    case Relation::about:
        return "≈";
    case Relation::becomes:
        return "←";
    case Relation::gives:
        return ":";
    }
    return "";
}

std::string value_html(const Tensor& value) {
    return math((is_shown_exactly(value) ? "= " : "\\approx ") + latex_tensor(value), true);
}

std::string cell(std::string_view kind, std::string_view content,
                 std::string_view attributes = {}) {
    return element("td", content, fmt::format("class=\"{}\"{}", kind, attributes));
}

std::string row_html(const WorksheetRow& row) {
    const bool has_tip = row.right.text.size() <= max_tip;
    const std::string tip =
        has_tip ? fmt::format(" title=\"{}\"", escape_markup(row.right.text)) : "";
    return element("tr", cell("left", row.left.text.empty() ? "" : math(row.left.latex)) +
                             cell("sign", html_sign(row.relation)) +
                             cell("formula", formula_html(row.right), tip) +
                             cell("value", row.value ? value_html(*row.value) : "") +
                             cell("note", escape_markup(row.note))) +
           "\n";
}

std::string rows_html(const WorksheetTable& table) {
    std::string rows;
    for (const WorksheetRow& row : table.rows) {
        rows += row_html(row);
    }
    return "<div class=\"scroll\">" + element("table", "\n" + rows) + "</div>\n";
}

std::string table_html(const WorksheetTable& table) {
    const std::string lead = prose_html(table.lead);
    if (table.rows.empty()) {
        return element("p", lead, "class=\"lead\"") + "\n";
    }
    if (table.is_detail) {
        return element("details", element("summary", lead) + "\n" + rows_html(table), "open=\"\"") +
               "\n";
    }
    return (lead.empty() ? "" : element("p", lead, "class=\"lead\"") + "\n") + rows_html(table);
}

std::string remark_html(const WorksheetRemark& remark) {
    const bool verified = remark.kind == WorksheetRemark::Kind::verified;
    return element("p", (verified ? "✓ " : "") + prose_html(remark.text),
                   verified ? "class=\"remark verified\"" : "class=\"remark\"") +
           "\n";
}

std::string section_html(const WorksheetSection& section, std::size_t number) {
    std::string content = "\n" + element("h2", prose_html(section.title)) + "\n";
    for (const WorksheetBlock& block : section.blocks) {
        const auto* table = std::get_if<WorksheetTable>(&block);
        content +=
            table != nullptr ? table_html(*table) : remark_html(std::get<WorksheetRemark>(block));
    }
    return element("section", content,
                   fmt::format("id=\"part-{}\" class=\"{}\"", number,
                               section.is_gradient ? "gradient" : "forward")) +
           "\n";
}

std::string contents_html(const Worksheet& sheet) {
    std::string links;
    for (std::size_t i = 0; i < sheet.sections.size(); ++i) {
        links += element("a", prose_html(sheet.sections[i].title),
                         fmt::format("href=\"#part-{}\"", i + 1)) +
                 "\n";
    }
    return element("nav", "\n" + links) + "\n";
}

}  // namespace

// The <svg> element alone, without the addresses of its name spaces, which HTML knows.
std::string figure_html(std::string_view picture) {
    const std::size_t begin = picture.find("<svg");
    if (begin == std::string_view::npos) {
        return "";
    }
    std::string svg(picture.substr(begin));
    const std::size_t tag_end = svg.find('>');
    for (std::size_t at = svg.find(" xmlns"); at < tag_end && at != std::string::npos;
         at = svg.find(" xmlns")) {
        svg.erase(at, svg.find('"', svg.find('"', at) + 1) + 1 - at);
    }
    return element("figure", svg) + "\n";
}

std::string worksheet_html(const Worksheet& sheet) {
    std::string body;
    for (std::size_t i = 0; i < sheet.sections.size(); ++i) {
        body += section_html(sheet.sections[i], i + 1);
    }
    return body;
}

std::string html_page(std::string_view title, std::string_view body) {
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n" +
           element("title", escape_markup(title)) + "\n" + element("style", html_style) +
           "\n</head>\n<body>\n" + element("main", "\n" + std::string(body) + "\n") +
           "\n</body>\n</html>\n";
}

std::string render_html(const Explanation& explanation, std::string_view picture) {
    const Worksheet sheet = make_worksheet(explanation);
    const std::string heading = element("h1", escape_markup(sheet.title));
    return html_page(
        sheet.title,
        element("header", heading + "\n" + contents_html(sheet)) + "\n" + figure_html(picture) +
            worksheet_html(sheet) +
            element("footer", "Written by chainrule. Hover over a formula for its text."));
}

}  // namespace chainrule
