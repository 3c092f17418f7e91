#include "render/latex_table.h"

#include <algorithm>

#include "notation/names.h"
#include "render/line_breaks.h"
#include "render/number_text.h"

namespace chainrule {
namespace {

constexpr double column_gap = 2;        // between the columns
constexpr double sign_width = 2;        // of `=` and its blanks
constexpr double indent = 2;            // of a formula's second line
constexpr double max_value_beside = 9;  // a wider value stands below its formula
constexpr double min_room = 18;

std::string_view latex_sign(Relation relation) {
    switch (relation) {
    case Relation::equals:
        return "= ";
    case Relation::about:
        return "\\approx ";
    case Relation::becomes:
        return "\\gets ";
    case Relation::gives:
        return ":\\; ";
    }
    return "";
}

std::string value_of(const WorksheetRow& row) {
    return row.value
               ? (is_shown_exactly(*row.value) ? "= " : "\\approx ") + latex_tensor(*row.value)
               : "";
}

// One line of an alignment.
struct LatexLine {
    std::string left;
    std::string right;
    std::string value;
    std::string note;
};

std::string write(const LatexLine& line) {
    std::string text = line.left + " &" + line.right;
    if (!line.value.empty() || !line.note.empty()) {
        text += " &&\\quad " + (line.value.empty() ? "" : "{}" + line.value);
    }
    if (!line.note.empty()) {
        text += " &&\\quad \\text{" + latex_text(line.note) + "}";
    }
    return text;
}

void append_row(std::vector<LatexLine>& lines, const WorksheetRow& row, double room) {
    const std::string value = value_of(row);
    const bool beside = latex_width(value) <= max_value_beside;
    std::vector<std::string> parts = join_lines(latex_pieces(row.right.latex), room, room - indent);
    if (parts.empty()) {
        parts.emplace_back();
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
        lines.push_back(i == 0 ? LatexLine{row.left.latex,
                                           std::string(latex_sign(row.relation)) + parts[i],
                                           {},
                                           {}}
                               : LatexLine{{}, "\\qquad {} " + parts[i], {}, {}});
    }
    lines.back().note = row.note;
    if (beside) {
        lines.back().value = value;
    } else {
        lines.push_back({{}, value, {}, {}});
    }
}

}  // namespace

std::string latex_table(const WorksheetTable& table, double width, std::string_view line_end) {
    double left = 0;
    double value = 0;
    double note = 0;
    for (const WorksheetRow& row : table.rows) {
        const double beside = latex_width(value_of(row));
        left = std::max(left, latex_width(row.left.latex));
        value = std::max(value, beside > 0 && beside <= max_value_beside ? beside + column_gap : 0);
        note = std::max(note, row.note.empty() ? 0 : latex_width(row.note) + column_gap);
    }
    const double room = std::max(width - left - sign_width - value - note, min_room);
    std::vector<LatexLine> lines;
    for (const WorksheetRow& row : table.rows) {
        append_row(lines, row, room);
    }
    std::string text;
    for (const LatexLine& line : lines) {
        text += text.empty() ? "" : " " + std::string(line_end) + "\n";
        text += write(line);
    }
    return text + "\n";
}

std::string latex_prose(const Prose& prose, std::string (*escape)(std::string_view)) {
    std::string text;
    for (const auto& part : prose) {
        const auto* words = std::get_if<std::string>(&part);
        text += words != nullptr ? escape(*words) : "$" + std::get<Formula>(part).latex + "$";
    }
    return text;
}

}  // namespace chainrule
