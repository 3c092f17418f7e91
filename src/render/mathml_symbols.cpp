#include "render/mathml_symbols.h"

#include <algorithm>
#include <array>

namespace chainrule {
namespace {

using enum SymbolKind;

constexpr std::array symbols{
    MathSymbol{"\\alpha", identifier, "α"},
    MathSymbol{"\\beta", identifier, "β"},
    MathSymbol{"\\gamma", identifier, "γ"},
    MathSymbol{"\\delta", identifier, "δ"},
    MathSymbol{"\\epsilon", identifier, "ϵ"},
    MathSymbol{"\\varepsilon", identifier, "ε"},
    MathSymbol{"\\zeta", identifier, "ζ"},
    MathSymbol{"\\eta", identifier, "η"},
    MathSymbol{"\\theta", identifier, "θ"},
    MathSymbol{"\\iota", identifier, "ι"},
    MathSymbol{"\\kappa", identifier, "κ"},
    MathSymbol{"\\lambda", identifier, "λ"},
    MathSymbol{"\\mu", identifier, "μ"},
    MathSymbol{"\\nu", identifier, "ν"},
    MathSymbol{"\\xi", identifier, "ξ"},
    MathSymbol{"\\pi", identifier, "π"},
    MathSymbol{"\\rho", identifier, "ρ"},
    MathSymbol{"\\sigma", identifier, "σ"},
    MathSymbol{"\\tau", identifier, "τ"},
    MathSymbol{"\\upsilon", identifier, "υ"},
    MathSymbol{"\\phi", identifier, "ϕ"},
    MathSymbol{"\\varphi", identifier, "φ"},
    MathSymbol{"\\chi", identifier, "χ"},
    MathSymbol{"\\psi", identifier, "ψ"},
    MathSymbol{"\\omega", identifier, "ω"},
    MathSymbol{"\\Gamma", identifier, "Γ"},
    MathSymbol{"\\Delta", identifier, "Δ"},
    MathSymbol{"\\Theta", identifier, "Θ"},
    MathSymbol{"\\Lambda", identifier, "Λ"},
    MathSymbol{"\\Xi", identifier, "Ξ"},
    MathSymbol{"\\Pi", identifier, "Π"},
    MathSymbol{"\\Sigma", identifier, "Σ"},
    MathSymbol{"\\Upsilon", identifier, "Υ"},
    MathSymbol{"\\Phi", identifier, "Φ"},
    MathSymbol{"\\Psi", identifier, "Ψ"},
    MathSymbol{"\\Omega", identifier, "Ω"},
    MathSymbol{"\\partial", identifier, "∂"},
    MathSymbol{"\\nabla", identifier, "∇"},
    MathSymbol{"\\infty", identifier, "∞"},
    MathSymbol{"\\top", identifier, "⊤"},
    MathSymbol{"\\ell", identifier, "ℓ"},
    MathSymbol{"\\ldots", identifier, "…"},
    MathSymbol{"\\dots", identifier, "…"},
    MathSymbol{"\\cdots", identifier, "⋯"},
    MathSymbol{"\\vdots", identifier, "⋮"},
    MathSymbol{"\\ddots", identifier, "⋱"},
    MathSymbol{"\\prime", identifier, "′"},
    MathSymbol{"\\emptyset", identifier, "∅"},
    MathSymbol{"\\cdot", operation, "⋅"},
    MathSymbol{"\\times", operation, "×"},
    MathSymbol{"\\odot", operation, "⊙"},
    MathSymbol{"\\otimes", operation, "⊗"},
    MathSymbol{"\\oplus", operation, "⊕"},
    MathSymbol{"\\oslash", operation, "⊘"},
    MathSymbol{"\\circ", operation, "∘"},
    MathSymbol{"\\ast", operation, "∗"},
    MathSymbol{"\\div", operation, "÷"},
    MathSymbol{"\\pm", operation, "±"},
    MathSymbol{"\\mp", operation, "∓"},
    MathSymbol{"\\le", operation, "≤"},
    MathSymbol{"\\leq", operation, "≤"},
    MathSymbol{"\\ge", operation, "≥"},
    MathSymbol{"\\geq", operation, "≥"},
    MathSymbol{"\\ne", operation, "≠"},
    MathSymbol{"\\neq", operation, "≠"},
    MathSymbol{"\\lt", operation, "&lt;"},
    MathSymbol{"\\gt", operation, "&gt;"},
    MathSymbol{"\\approx", operation, "≈"},
    MathSymbol{"\\equiv", operation, "≡"},
    MathSymbol{"\\sim", operation, "∼"},
    MathSymbol{"\\propto", operation, "∝"},
    MathSymbol{"\\in", operation, "∈"},
    MathSymbol{"\\notin", operation, "∉"},
    MathSymbol{"\\mid", operation, "∣"},
    MathSymbol{"\\gets", operation, "←"},
    MathSymbol{"\\leftarrow", operation, "←"},
    MathSymbol{"\\to", operation, "→"},
    MathSymbol{"\\rightarrow", operation, "→"},
    MathSymbol{"\\mapsto", operation, "↦"},
    MathSymbol{"\\Rightarrow", operation, "⇒"},
    MathSymbol{"\\land", operation, "∧"},
    MathSymbol{"\\lor", operation, "∨"},
    MathSymbol{"\\colon", operation, ":"},
    MathSymbol{"\\lVert", fence, "‖"},
    MathSymbol{"\\rVert", fence, "‖"},
    MathSymbol{"\\Vert", fence, "‖"},
    MathSymbol{"\\|", fence, "‖"},
    MathSymbol{"\\lvert", fence, "|"},
    MathSymbol{"\\rvert", fence, "|"},
    MathSymbol{"\\vert", fence, "|"},
    MathSymbol{"\\lfloor", fence, "⌊"},
    MathSymbol{"\\rfloor", fence, "⌋"},
    MathSymbol{"\\lceil", fence, "⌈"},
    MathSymbol{"\\rceil", fence, "⌉"},
    MathSymbol{"\\langle", fence, "⟨"},
    MathSymbol{"\\rangle", fence, "⟩"},
    MathSymbol{"\\lbrace", fence, "{"},
    MathSymbol{"\\rbrace", fence, "}"},
    MathSymbol{"\\lbrack", fence, "["},
    MathSymbol{"\\rbrack", fence, "]"},
    MathSymbol{"\\{", fence, "{"},
    MathSymbol{"\\}", fence, "}"},
    MathSymbol{"\\sum", large, "∑"},
    MathSymbol{"\\prod", large, "∏"},
    MathSymbol{"\\int", large, "∫"},
    MathSymbol{"\\max", function, "max"},
    MathSymbol{"\\min", function, "min"},
    MathSymbol{"\\lim", function, "lim"},
    MathSymbol{"\\log", function, "log"},
    MathSymbol{"\\ln", function, "ln"},
    MathSymbol{"\\exp", function, "exp"},
    MathSymbol{"\\sin", function, "sin"},
    MathSymbol{"\\cos", function, "cos"},
    MathSymbol{"\\tan", function, "tan"},
    MathSymbol{"\\arcsin", function, "arcsin"},
    MathSymbol{"\\arccos", function, "arccos"},
    MathSymbol{"\\arctan", function, "arctan"},
    MathSymbol{"\\sinh", function, "sinh"},
    MathSymbol{"\\cosh", function, "cosh"},
    MathSymbol{"\\tanh", function, "tanh"},
    MathSymbol{"\\det", function, "det"},
    MathSymbol{"\\arg", function, "arg"},
    MathSymbol{"\\,", space, "0.1667em"},
    MathSymbol{"\\:", space, "0.2222em"},
    MathSymbol{"\\>", space, "0.2222em"},
    MathSymbol{"\\;", space, "0.2778em"},
    MathSymbol{"\\!", space, "-0.1667em"},
    MathSymbol{"\\ ", space, "0.3333em"},
    MathSymbol{"\\quad", space, "1em"},
    MathSymbol{"\\qquad", space, "2em"},
    MathSymbol{"\\_", identifier, "_"},
    MathSymbol{"\\%", identifier, "%"},
    MathSymbol{"\\#", identifier, "#"},
    MathSymbol{"\\$", identifier, "$"},
    MathSymbol{"\\&", operation, "&amp;"},
};

// An alphabet of Unicode's block of mathematical letters; exceptions stand in another block.
struct Alphabet {
    std::string_view command;
    char32_t capital_a;
    char32_t small_a;
    char32_t zero;  // 0: it has no digits
    std::string_view exceptions;
    std::array<char32_t, 8> stand_at;
};
constexpr std::array alphabets{
    Alphabet{"\\mathbf", 0x1D400, 0x1D41A, 0x1D7CE, "", {}},
    Alphabet{"\\boldsymbol", 0x1D468, 0x1D482, 0x1D7CE, "", {}},
    Alphabet{"\\mathbb",
             0x1D538,
             0x1D552,
             0x1D7D8,
             "CHNPQRZ",
             {0x2102, 0x210D, 0x2115, 0x2119, 0x211A, 0x211D, 0x2124}},
    Alphabet{"\\mathcal",
             0x1D49C,
             0x1D4B6,
             0,
             "BEFHILMR",
             {0x212C, 0x2130, 0x2131, 0x210B, 0x2110, 0x2112, 0x2133, 0x211B}},
};

std::string utf8(char32_t c) {
    std::string text;
    if (c < 0x80) {
        text += static_cast<char>(c);
        return text;
    }
    const int trailing = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    constexpr std::array lead{0xC0U, 0xE0U, 0xF0U};
    text += static_cast<char>(lead[static_cast<std::size_t>(trailing - 1)] |
                              (static_cast<unsigned>(c) >> (6 * trailing)));
    for (int i = trailing - 1; i >= 0; --i) {
        text += static_cast<char>(0x80U | ((static_cast<unsigned>(c) >> (6 * i)) & 0x3FU));
    }
    return text;
}

}  // namespace

const MathSymbol* find_symbol(std::string_view command) {
    const auto* const found = std::ranges::find(symbols, command, &MathSymbol::command);
    return found == symbols.end() ? nullptr : &*found;
}

std::string styled_letter(std::string_view alphabet, char letter) {
    const auto* const found = std::ranges::find(alphabets, alphabet, &Alphabet::command);
    if (found == alphabets.end()) {
        return {letter};
    }
    const std::size_t exception = found->exceptions.find(letter);
    if (exception != std::string_view::npos) {
        return utf8(found->stand_at[exception]);
    }
    const auto offset = [letter](char from) { return static_cast<char32_t>(letter - from); };
    if (letter >= 'A' && letter <= 'Z') {
        return utf8(found->capital_a + offset('A'));
    }
    if (letter >= 'a' && letter <= 'z') {
        return utf8(found->small_a + offset('a'));
    }
    const bool digit = letter >= '0' && letter <= '9' && found->zero != 0;
    return digit ? utf8(found->zero + offset('0')) : std::string{letter};
}

}  // namespace chainrule
