// The symbols of our LaTeX: what each command is in MathML.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace chainrule {

enum class SymbolKind : std::uint8_t {
    identifier,  // \alpha
    operation,   // \cdot: spaced as an operator
    fence,       // \lVert
    large,       // \sum: its limits stand above and below
    function,    // \log
    space,       // \quad: `text` is the width
};

struct MathSymbol {
    std::string_view command;
    SymbolKind kind;
    std::string_view text;
};

// The symbol of `\command`, or null.
const MathSymbol* find_symbol(std::string_view command);

// The letter or digit in the alphabet of `\mathbf`, `\mathbb` or `\mathcal`; itself where that has
// no such character.
std::string styled_letter(std::string_view alphabet, char letter);

}  // namespace chainrule
