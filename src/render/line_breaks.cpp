#include "render/line_breaks.h"

#include <algorithm>
#include <cctype>

namespace chainrule {
namespace {

constexpr double text_depth_penalty = 36;
constexpr double product_penalty = 24;  // outside brackets
constexpr double inner_product_penalty = 4;
constexpr double text_bracket_penalty = 14;
constexpr int text_counted_depth = 2;

bool is_operand_end(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == ')' || c == ']' ||
           c == '\'' || c == '.' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

// The end, in pieces, of the line that begins at `begin`: the place with the least penalty and the
// least room left empty.
std::size_t line_end(std::span<const FormulaPiece> pieces, std::size_t begin, double room) {
    double used = 0;
    double best = 0;
    std::size_t end = begin + 1;
    for (std::size_t i = begin; i < pieces.size(); ++i) {
        used += pieces[i].width;
        if (used > room && i > begin) {
            return end;
        }
        const double score = used - pieces[i].penalty;
        if (i == begin || score >= best) {
            best = score;
            end = i + 1;
        }
    }
    return used > room ? end : pieces.size();
}

void trim(std::string& text) {
    text.erase(text.find_last_not_of(' ') + 1);
    text.erase(0, text.find_first_not_of(' '));
}

}  // namespace

std::vector<FormulaPiece> text_pieces(std::string_view formula) {
    std::vector<FormulaPiece> pieces;
    std::size_t begin = 0;
    int depth = 0;
    const auto cut = [&](std::size_t end, double penalty) {
        const std::string text(formula.substr(begin, end - begin));
        const double deep = std::min(depth, text_counted_depth) * text_depth_penalty;
        pieces.push_back({text, static_cast<double>(columns_of(text)), deep + penalty});
        begin = end;
    };
    for (std::size_t i = 0; i < formula.size(); ++i) {
        const char c = formula[i];
        if (c == '(' || c == '[') {
            ++depth;
            cut(i + 1, text_bracket_penalty);
        } else if (c == ')' || c == ']') {
            --depth;
        } else if (c == ' ' && i > 0 && !is_operand_end(formula[i - 1])) {
            const char op = formula[i - 1];
            const bool product = op == '*' || op == '/' || op == '@';
            const double penalty = depth == 0 ? product_penalty : inner_product_penalty;
            cut(i + 1, product ? penalty : 0);
        }
    }
    cut(formula.size(), 0);
    return pieces;
}

std::vector<std::string> join_lines(std::span<const FormulaPiece> pieces, double first_width,
                                    double width) {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < pieces.size();) {
        const std::size_t end = line_end(pieces, i, lines.empty() ? first_width : width);
        std::string line;
        for (; i < end; ++i) {
            line += pieces[i].text;
        }
        trim(line);
        lines.push_back(std::move(line));
    }
    return lines;
}

std::vector<std::string> wrap_text(std::string_view formula, int width) {
    return join_lines(text_pieces(formula), width, width);
}

int columns_of(std::string_view text) {
    return static_cast<int>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace chainrule
