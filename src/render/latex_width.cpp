// How wide a formula is set, roughly: the mean advance of Computer Modern's glyphs by kind.
#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "render/latex_token.h"
#include "render/line_breaks.h"

namespace chainrule {
namespace {

constexpr double script_scale = 0.7;

struct CommandWidth {
    std::string_view name;
    double width;
};
constexpr std::array<CommandWidth, 36> command_widths{{
    {"\\,", 0.17},    {"\\:", 0.22},         {"\\;", 0.28},      {"\\!", -0.17},
    {"\\ ", 0.33},    {"\\quad", 1},         {"\\qquad", 2},     {"\\left", 0},
    {"\\right", 0},   {"\\bigl", 0},         {"\\bigr", 0},      {"\\text", 0},
    {"\\mathrm", 0},  {"\\operatorname", 0}, {"\\mathbf", 0},    {"\\mathbb", 0},
    {"\\mathcal", 0}, {"\\displaystyle", 0}, {"\\cdot", 0.72},   {"\\odot", 1.2},
    {"\\times", 1.2}, {"\\le", 1.3},         {"\\ge", 1.3},      {"\\ne", 1.3},
    {"\\gets", 1.5},  {"\\leftarrow", 1.5},  {"\\approx", 1.3},  {"\\sum", 1.2},
    {"\\infty", 1},   {"\\_", 0.4},          {"\\{", 0.5},       {"\\}", 0.5},
    {"\\lVert", 0.5}, {"\\rVert", 0.5},      {"\\lfloor", 0.45}, {"\\rfloor", 0.45},
}};

double character_width(std::string_view token) {
    const char c = token.front();
    if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
        return 0.55;
    }
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
        return 0.5;
    }
    if (std::string_view("+-=<>").find(c) != std::string_view::npos) {
        return 1.25;
    }
    return c == ' ' ? 0 : 0.4;
}

double token_width(std::string_view token) {
    if (token.size() < 2 || token.front() != '\\') {
        return token.empty() ? 0 : character_width(token);
    }
    const auto* const found = std::ranges::find(command_widths, token, &CommandWidth::name);
    if (found != command_widths.end()) {
        return found->width;
    }
    constexpr std::array functions{"\\log", "\\exp", "\\sin",  "\\cos", "\\tan",
                                   "\\max", "\\min", "\\tanh", "\\det", "\\ln"};
    const bool function = std::ranges::find(functions, token) != functions.end();
    return function ? 0.5 * static_cast<double>(token.size() - 1) + 0.17 : 0.6;
}

double width_of(std::string_view formula, int depth) {
    constexpr int max_depth = 200;
    if (depth > max_depth) {
        return static_cast<double>(formula.size());
    }
    LatexCursor cursor(formula);
    double row = 0;
    double widest = 0;
    while (!cursor.at_end()) {
        const std::string_view token = cursor.peek();
        if (token == "{") {
            row += width_of(cursor.group(), depth + 1);
            continue;
        }
        cursor.next();
        if (token == "^" || token == "_") {
            row += script_scale * width_of(cursor.group(), depth + 1);
        } else if (token == "\\frac") {
            const double numerator = width_of(cursor.group(), depth + 1);
            row += 0.25 + std::max(numerator, width_of(cursor.group(), depth + 1));
        } else if (token == "\\sqrt") {
            row += 0.9;
        } else if (token == "\\begin" || token == "\\end") {
            cursor.group();
            row += 0.5;
        } else if (token == "\\\\") {
            widest = std::max(widest, row);
            row = 0;
        } else if (token == "&") {
            row += 1;
        } else {
            row += token_width(token);
        }
    }
    return std::max(widest, row);
}

}  // namespace

double latex_width(std::string_view formula) { return width_of(formula, 0); }

}  // namespace chainrule
