#include "render/mathml.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "render/latex_token.h"
#include "render/markup.h"
#include "render/mathml_symbols.h"

namespace chainrule {
namespace {

// What is nested deeper is set as text: nobody could read it, and the stack is finite.
constexpr int max_depth = 200;

// Blanks at the ends of an element would vanish.
std::string keep_blanks(std::string text) {
    constexpr std::string_view no_break = "\u00a0";
    if (text.ends_with(' ')) {
        text.replace(text.size() - 1, 1, no_break);
    }
    if (text.starts_with(' ')) {
        text.replace(0, 1, no_break);
    }
    return text;
}

struct Atom {
    std::string markup;
    bool limits = false;    // scripts stand below and above
    bool operand = true;    // an operator after it stands between two operands
    bool function = false;  // its argument follows
};

struct Environment {
    std::string_view name;
    std::string_view open;
    std::string_view close;
    std::string_view alignment;
};
constexpr std::array environments{
    Environment{"matrix", "", "", "center"},    Environment{"pmatrix", "(", ")", "center"},
    Environment{"bmatrix", "[", "]", "center"}, Environment{"vmatrix", "|", "|", "center"},
    Environment{"cases", "{", "", "left"},      Environment{"aligned", "", "", "left"},
};

class Converter {
public:
    Converter(std::string_view latex, bool after_operand)
        : cursor_(latex), after_operand_(after_operand) {}

    MathMl convert() {
        std::string markup;
        while (!cursor_.at_end()) {
            markup += row();
            cursor_.next();  // a partner without its other half
        }
        return {std::move(markup), std::move(unknown_)};
    }

private:
    static bool ends_row(std::string_view token) {
        return token == "}" || token == "\\right" || token == "\\end" || token == "&" ||
               token == "\\\\";
    }

    // Atoms with their scripts, up to what ends a row.
    std::string row() {
        std::string markup;
        while (true) {
            cursor_.skip_blanks();
            if (cursor_.at_end() || ends_row(cursor_.peek())) {
                return markup;
            }
            Atom base = atom();
            after_operand_ = base.operand;
            markup += scripted(base);
            cursor_.skip_blanks();
            const bool bracket =
                cursor_.peek() == "(" || cursor_.peek() == "\\left" || cursor_.peek() == "\\bigl";
            if (base.function && !cursor_.at_end() && !ends_row(cursor_.peek())) {
                markup += bracket ? "<mo>&#x2061;</mo>" : "<mspace width=\"0.1667em\"/>";
            }
        }
    }

    std::string scripted(const Atom& base) {
        std::string below;
        std::string above;
        while (true) {
            cursor_.skip_blanks();
            if (cursor_.accept("_")) {
                below = argument();
            } else if (cursor_.accept("^")) {
                above += argument();
            } else if (cursor_.accept("'")) {
                above += "<mo>′</mo>";
            } else {
                break;
            }
        }
        if (below.empty() && above.empty()) {
            return base.markup;
        }
        after_operand_ = true;
        const std::string head = base.markup.empty() ? "<mrow></mrow>" : base.markup;
        if (below.empty()) {
            return element(base.limits ? "mover" : "msup", head + element("mrow", above));
        }
        if (above.empty()) {
            return element(base.limits ? "munder" : "msub", head + element("mrow", below));
        }
        return element(base.limits ? "munderover" : "msubsup",
                       head + element("mrow", below) + element("mrow", above));
    }

    // A group in braces, or one atom, as one element.
    std::string argument() {
        cursor_.skip_blanks();
        const bool before = std::exchange(after_operand_, false);
        std::string markup;
        if (cursor_.peek() == "{" && depth_ >= max_depth) {
            markup = element("mtext", escape_markup(cursor_.group()));
        } else if (cursor_.accept("{")) {
            ++depth_;
            markup = element("mrow", row());
            --depth_;
            cursor_.accept("}");
        } else if (!cursor_.at_end() && !ends_row(cursor_.peek())) {
            markup = one_atom();
        }
        after_operand_ = before;
        return markup.empty() ? "<mrow></mrow>" : markup;
    }

    // Outside braces TeX takes a single digit.
    std::string one_atom() {
        const std::string_view token = cursor_.peek();
        if (std::isdigit(static_cast<unsigned char>(token.front())) != 0) {
            return element("mn", cursor_.next());
        }
        return element("mrow", atom().markup);
    }

    Atom atom() {
        const std::string_view token = cursor_.peek();
        if (token == "{") {
            return {argument()};
        }
        if (token.front() == '\\') {
            cursor_.next();
            return command(token);
        }
        if (std::isdigit(static_cast<unsigned char>(token.front())) != 0) {
            return number();
        }
        cursor_.next();
        if (std::isalpha(static_cast<unsigned char>(token.front())) != 0) {
            return {element("mi", token)};
        }
        return character(token);
    }

    Atom number() {
        std::string digits;
        while (!cursor_.at_end() &&
               (std::isdigit(static_cast<unsigned char>(cursor_.peek().front())) != 0 ||
                cursor_.peek() == ".")) {
            digits += cursor_.next();
        }
        return {element("mn", digits)};
    }

    Atom character(std::string_view token) {
        const auto among = [token](std::string_view set) { return set.find(token) != set.npos; };
        if (among("()[]|")) {
            const bool closes = among(")]") || (token == "|" && after_operand_);
            return {element("mo", token, "stretchy=\"false\""), false, closes};
        }
        if (among("+-=<>/*")) {
            return operation(token == "-"   ? "−"
                             : token == "*" ? "∗"
                             : token == "<" ? "&lt;"
                             : token == ">" ? "&gt;"
                                            : token);
        }
        if (among(",;:!")) {
            return {element("mo", token, token == "," || token == ";" ? "separator=\"true\"" : ""),
                    false, token == "!"};
        }
        if (token == "~") {
            return {"<mspace width=\"0.3333em\"/>", false, after_operand_};
        }
        return {element("mi", escape_markup(token))};
    }

    // The form is spelled out: in a formula that goes on on the next line, an operator at the
    // beginning is no prefix.
    Atom operation(std::string_view text) const {
        return {element("mo", text, after_operand_ ? "form=\"infix\"" : "form=\"prefix\""), false,
                false};
    }

    Atom command(std::string_view token) {
        if (const MathSymbol* symbol = find_symbol(token)) {
            return symbol_atom(*symbol);
        }
        if (token == "\\frac" || token == "\\dfrac" || token == "\\tfrac") {
            const std::string numerator = argument();
            return {element("mfrac", numerator + argument())};
        }
        if (token == "\\sqrt") {
            return root();
        }
        if (token == "\\left") {
            return sized_group();
        }
        if (token == "\\begin") {
            return environment();
        }
        if (token == "\\text" || token == "\\textbf" || token == "\\textit" ||
            token == "\\texttt") {
            return {
                element("mtext", escape_markup(keep_blanks(plain_latex_text(cursor_.group()))))};
        }
        if (token == "\\mathrm" || token == "\\operatorname") {
            return upright(token == "\\operatorname");
        }
        if (token.starts_with("\\math") || token == "\\boldsymbol") {
            return styled(token);
        }
        return rare_command(token);
    }

    Atom symbol_atom(const MathSymbol& symbol) {
        switch (symbol.kind) {
        case SymbolKind::identifier: {
            const bool capital = std::isupper(static_cast<unsigned char>(symbol.command[1])) != 0;
            return {element("mi", symbol.text, capital ? "mathvariant=\"normal\"" : "")};
        }
        case SymbolKind::operation:
            return operation(symbol.text);
        case SymbolKind::fence: {
            const bool closes = symbol.command.starts_with("\\r") || symbol.text == "}" ||
                                (symbol.text == "‖" && after_operand_);
            return {element("mo", symbol.text, "stretchy=\"false\""), false, closes};
        }
        case SymbolKind::large:
            return {element("mo", symbol.text), true, false};
        case SymbolKind::function: {
            const bool limits =
                symbol.text == "max" || symbol.text == "min" || symbol.text == "lim";
            return {element("mi", symbol.text), limits, true, true};
        }
        case SymbolKind::space:
            break;
        }
        return {element("mspace", "", "width=\"" + std::string(symbol.text) + "\""), false,
                after_operand_};
    }

    Atom upright(bool function) {
        cursor_.accept("*");
        const std::string name = escape_markup(plain_latex_text(cursor_.group()));
        return {element("mi", name, "mathvariant=\"normal\""), false, true, function};
    }

    Atom styled(std::string_view alphabet) {
        std::string letters;
        for (const char letter : plain_latex_text(cursor_.group())) {
            letters += styled_letter(alphabet, letter);
        }
        return {element("mi", escape_markup(letters), "mathvariant=\"normal\"")};
    }

    Atom root() {
        cursor_.skip_blanks();
        if (!cursor_.accept("[")) {
            return {element("msqrt", argument())};
        }
        std::string index;
        while (!cursor_.at_end() && cursor_.peek() != "]") {
            index += cursor_.next();
        }
        cursor_.next();
        const std::string radicand = argument();
        return {element("mroot", radicand + "<mrow>" + inner(index) + "</mrow>")};
    }

    // A part of the formula that stands elsewhere than it is written.
    std::string inner(std::string_view latex) {
        MathMl part = Converter(latex, false).convert();
        unknown_.insert(unknown_.end(), part.unknown.begin(), part.unknown.end());
        return std::move(part.markup);
    }

    std::string delimiter(std::string_view attributes) {
        cursor_.skip_blanks();
        const std::string_view token = cursor_.next();
        const MathSymbol* symbol = find_symbol(token);
        const std::string text(symbol != nullptr ? std::string(symbol->text)
                                                 : escape_markup(token));
        return text == "." || text.empty() ? "" : element("mo", text, attributes);
    }

    Atom sized_group() {
        std::string content = delimiter("stretchy=\"true\" form=\"prefix\"");
        after_operand_ = false;
        if (depth_ >= max_depth) {
            return {content, false, false};
        }
        ++depth_;
        content += row();
        while (!cursor_.at_end() && cursor_.peek() != "\\right") {
            cursor_.next();  // an alignment mark inside brackets
            content += row();
        }
        --depth_;
        if (cursor_.accept("\\right")) {
            content += delimiter("stretchy=\"true\" form=\"postfix\"");
        }
        return {element("mrow", content)};
    }

    Atom environment() {
        const std::string name(cursor_.group());
        const auto* const found = std::ranges::find(environments, name, &Environment::name);
        if (found == environments.end()) {
            unknown_.push_back("\\begin{" + name + "}");
        }
        std::string table;
        std::string cells;
        while (!cursor_.at_end() && cursor_.peek() != "\\end") {
            after_operand_ = false;
            cells += element("mtd", row());
            if (cursor_.accept("\\\\")) {
                table += element("mtr", std::exchange(cells, {}));
            } else if (!cursor_.accept("&") && cursor_.peek() != "\\end") {
                cursor_.next();
            }
        }
        cursor_.next();
        cursor_.group();
        table += element("mtr", cells);
        if (found == environments.end()) {
            return {element("mtable", table)};
        }
        const auto fence = [](std::string_view text) {
            return text.empty() ? "" : element("mo", text, "stretchy=\"true\"");
        };
        return {element("mrow", fence(found->open) +
                                    element("mtable", table,
                                            "class=\"" + std::string(found->alignment) + "\"") +
                                    fence(found->close))};
    }

    Atom rare_command(std::string_view token) {
        struct Accent {
            std::string_view command;
            std::string_view text;
        };
        constexpr std::array accents{Accent{"\\hat", "^"},   Accent{"\\bar", "¯"},
                                     Accent{"\\tilde", "~"}, Accent{"\\vec", "→"},
                                     Accent{"\\dot", "˙"},   Accent{"\\overline", "¯"}};
        const auto* const accent = std::ranges::find(accents, token, &Accent::command);
        if (accent != accents.end()) {
            return {element("mover", argument() + element("mo", accent->text), "accent=\"true\"")};
        }
        if (token.starts_with("\\big") || token.starts_with("\\Big")) {
            const bool opens = token.ends_with("l");
            return {delimiter("stretchy=\"true\" minsize=\"1.4em\" maxsize=\"1.4em\""), false,
                    !opens};
        }
        constexpr std::array silent{"\\displaystyle", "\\textstyle", "\\limits", "\\nolimits"};
        if (std::ranges::find(silent, token) != silent.end()) {
            return {"", false, after_operand_};
        }
        unknown_.emplace_back(token);
        return {element("mtext", escape_markup(token))};
    }

    LatexCursor cursor_;
    int depth_ = 0;
    std::vector<std::string> unknown_;
    bool after_operand_;
};

}  // namespace

MathMl latex_to_mathml(std::string_view latex, bool starts_with_operator) {
    return Converter(latex, starts_with_operator).convert();
}

}  // namespace chainrule
