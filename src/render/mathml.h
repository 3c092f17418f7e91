// LaTeX formulas as MathML Core, which browsers set by themselves: what pages that stand alone
// need. The input is the LaTeX that chainrule writes: letters, scripts, fractions, roots, sized
// brackets, matrices, cases, accents, the usual symbols and functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace chainrule {

struct MathMl {
    std::string markup;                // the content of a <math> element, without that element
    std::vector<std::string> unknown;  // commands that it does not know, set as they stand
};

// `\frac{1}{2}` -> <mfrac><mn>1</mn><mn>2</mn></mfrac>. Never fails: what is malformed is set as
// far as it can be. `starts_with_operator`: the formula goes on from one before it, so that an
// operator at its beginning stands between two operands and not before one.
MathMl latex_to_mathml(std::string_view latex, bool starts_with_operator = false);

}  // namespace chainrule
