#include <fmt/format.h>

#include <algorithm>

#include "render/line_breaks.h"
#include "render/number_text.h"
#include "render/render.h"
#include "render/worksheet.h"

namespace chainrule {
namespace {

constexpr int margin = 2;         // of every row
constexpr int detail_indent = 2;  // of the factors, more
constexpr int gap = 3;            // between a formula, its value and its note
constexpr int max_left = 18;      // a longer left side does not push all formulas to the right
constexpr int max_beside = 28;    // a longer value stands below its formula
constexpr int min_width = 40;
constexpr int usual_room = 20;  // of a formula: values of short tables stand below each other
constexpr int least_room = 8;

enum class Style : std::uint8_t { plain, heading, forward, gradient, faint, good };

std::string_view escape_of(Style style) {
    switch (style) {
    case Style::heading:
        return "\x1b[1m";
    case Style::forward:
        return "\x1b[34m";
    case Style::gradient:
        return "\x1b[31m";
    case Style::faint:
        return "\x1b[2m";
    case Style::good:
        return "\x1b[32m";
    case Style::plain:
        break;
    }
    return "";
}

std::string_view sign_of(Relation relation) {
    switch (relation) {
    case Relation::equals:
        return " = ";
    case Relation::about:
        return " ≈ ";
    case Relation::becomes:
        return " <- ";
    case Relation::gives:
        return ": ";
    }
    return " ";
}

// A line under construction, which knows how many columns it has.
class TextLine {
public:
    explicit TextLine(bool colour) : colour_(colour) {}

    void put(std::string_view text, Style style = Style::plain) {
        const std::string_view escape = colour_ ? escape_of(style) : "";
        text_ += escape;
        text_ += text;
        text_ += escape.empty() ? "" : "\x1b[0m";
        columns_ += columns_of(text);
    }
    void pad_to(int column) {
        if (column > columns_) {
            text_.append(static_cast<std::size_t>(column - columns_), ' ');
            columns_ = column;
        }
    }
    int columns() const { return columns_; }
    std::string take() { return std::move(text_) + "\n"; }

private:
    bool colour_;
    std::string text_;
    int columns_ = 0;
};

std::string plain(const Prose& prose) {
    std::string text;
    for (const auto& part : prose) {
        const auto* words = std::get_if<std::string>(&part);
        text += words != nullptr ? *words : std::get<Formula>(part).text;
    }
    return text;
}

// A table's columns: where left sides end, where formulas, values and notes begin.
struct Columns {
    int indent = 0;
    int formula = 0;
    int value = 0;
    int note = 0;
    int width = 0;
};

// "= 0.433217", or "~ 0.433217" where digits were cut off.
std::string beside(const Tensor& value, int room) {
    const std::vector<std::string> lines = tensor_lines(value, room);
    return lines.size() > 1 ? "" : (is_shown_exactly(value) ? "= " : "≈ ") + lines[0];
}

bool is_beside(const std::string& value) {
    return !value.empty() && columns_of(value) <= max_beside;
}

class TextSheet {
public:
    TextSheet(int width, bool colour) : width_(std::max(width, min_width)), colour_(colour) {}

    std::string render(const Worksheet& sheet) {
        TextLine title(colour_);
        title.put(sheet.title, Style::heading);
        add(title);
        rule("═", columns_of(sheet.title));
        for (const WorksheetSection& section : sheet.sections) {
            add_section(section);
        }
        return std::move(out_);
    }

private:
    void add(TextLine& line) { out_ += line.take(); }
    void add_plain(std::string_view text) {
        TextLine line(colour_);
        line.put(text);
        add(line);
    }

    void rule(std::string_view glyph, int length) {
        std::string text;
        for (int i = 0; i < std::min(length, width_); ++i) {
            text += glyph;
        }
        TextLine line(colour_);
        line.put(text, Style::faint);
        add(line);
    }

    void add_section(const WorksheetSection& section) {
        out_ += "\n";
        TextLine title(colour_);
        title.put(plain(section.title), Style::heading);
        add(title);
        rule("─", columns_of(plain(section.title)));
        value_style_ = section.is_gradient ? Style::gradient : Style::forward;
        for (const WorksheetBlock& block : section.blocks) {
            if (const auto* table = std::get_if<WorksheetTable>(&block)) {
                const bool begins = table->lead.empty() && &block != &section.blocks.front() &&
                                    std::holds_alternative<WorksheetTable>(*(&block - 1));
                out_ += begins ? "\n" : "";
                add_table(*table);
            } else {
                add_remark(std::get<WorksheetRemark>(block));
            }
        }
    }

    void add_remark(const WorksheetRemark& remark) {
        const bool verified = remark.kind == WorksheetRemark::Kind::verified;
        add_prose((verified ? "✓ " : "") + plain(remark.text),
                  verified ? Style::good : Style::faint);
    }

    // Words, wrapped at blanks.
    void add_prose(std::string rest, Style style) {
        while (!rest.empty()) {
            const auto room = static_cast<std::size_t>(width_ - margin);
            std::size_t end = rest.size() <= room ? rest.size() : rest.rfind(' ', room);
            end = end == std::string::npos || end == 0 ? rest.size() : end;
            TextLine line(colour_);
            line.pad_to(margin);
            line.put(rest.substr(0, end), style);
            add(line);
            rest.erase(0, std::min(end + 1, rest.size()));
        }
    }

    Columns measure(const WorksheetTable& table) const {
        Columns columns;
        columns.width = width_;
        columns.indent = margin + (table.is_detail ? detail_indent : 0);
        int left = 0;
        int note = 0;
        int value = 0;
        for (const WorksheetRow& row : table.rows) {
            const int width = columns_of(row.left.text);
            const int sign = columns_of(sign_of(row.relation));
            left = std::max(left, (width <= max_left ? width : 0) + sign);
            note = std::max(note, columns_of(row.note));
            const std::string number = row.value ? beside(*row.value, max_beside) : "";
            value = std::max(value, is_beside(number) ? columns_of(number) : 0);
        }
        columns.formula = columns.indent + left;
        const int right = (value > 0 ? gap + value : 0) + (note > 0 ? gap + note : 0);
        const int room = std::max(width_ - columns.formula - right, least_room);
        int formula = 0;
        for (const WorksheetRow& row : table.rows) {
            const int width = columns_of(row.right.text);
            formula = std::max(formula, width <= room ? width : 0);
        }
        columns.value = columns.formula + std::max(formula, std::min(room, usual_room)) + gap;
        columns.note = columns.value + (value > 0 ? value + gap : 0);
        return columns;
    }

    void add_table(const WorksheetTable& table) {
        add_prose(plain(table.lead), Style::faint);
        const Columns columns = measure(table);
        for (const WorksheetRow& row : table.rows) {
            add_row(row, columns);
        }
    }

    void add_row(const WorksheetRow& row, const Columns& columns) {
        const std::string_view sign = sign_of(row.relation);
        TextLine line(colour_);
        line.pad_to(columns.indent);
        line.put(row.left.text);
        line.pad_to(columns.formula - columns_of(sign));
        line.put(sign);
        if (line.columns() > columns.formula + max_left) {  // a very long left side
            add(line);
            line = TextLine(colour_);
        }
        line.pad_to(columns.formula);
        const int room = columns.width - columns.formula;
        const std::vector<FormulaPiece> pieces = text_pieces(row.right.text);
        const std::vector<std::string> lines =
            join_lines(pieces, columns.width - line.columns(), room - detail_indent);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            line.pad_to(i == 0 ? 0 : columns.formula + detail_indent);
            line.put(lines[i]);
            if (i + 1 < lines.size()) {
                add(line);
                line = TextLine(colour_);
            }
        }
        add_margin(line, row, columns);
    }

    // The value and the note, to the right of the formula that ends in `line`, or below it.
    void add_margin(TextLine& line, const WorksheetRow& row, const Columns& columns) {
        const int room = columns.width - columns.formula;
        const std::string number = row.value ? beside(*row.value, max_beside) : "";
        const bool value_beside = is_beside(number);
        const int first = value_beside ? columns.value : columns.note;
        if ((value_beside || !row.note.empty()) && line.columns() + gap > first) {
            add(line);
            line = TextLine(colour_);
        }
        if (value_beside) {
            line.pad_to(columns.value);
            line.put(number, value_style_);
        }
        if (!row.note.empty()) {
            line.pad_to(columns.note);
            line.put(row.note, Style::faint);
        }
        add(line);
        if (row.value && !value_beside) {
            add_value_below(*row.value, columns, room);
        }
    }

    void add_value_below(const Tensor& value, const Columns& columns, int room) {
        std::string sign = is_shown_exactly(value) ? "= " : "≈ ";
        for (const std::string& text : tensor_lines(value, room)) {
            TextLine line(colour_);
            line.pad_to(columns.formula - 2);
            line.put(sign + text, value_style_);
            add(line);
            sign = "  ";
        }
    }

    int width_;
    bool colour_;
    Style value_style_ = Style::forward;
    std::string out_;
};

}  // namespace

std::string render_text(const Explanation& explanation, int width, bool colour) {
    return TextSheet(width, colour).render(make_worksheet(explanation));
}

}  // namespace chainrule
