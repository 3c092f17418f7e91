#include "explain/symbols.h"

#include "notation/names.h"

namespace chainrule {

Formula name_formula(std::string_view name) { return {std::string(name), latex_name(name)}; }

Formula partial_symbol(std::string_view d, std::string_view by, bool direct) {
    const std::string sign = direct ? "∂" : "d";
    return {sign + std::string(d) + "/" + sign + std::string(by),
            "\\frac{\\partial " + latex_name(d) + "}{\\partial " + latex_name(by) + "}"};
}

Formula joined(const Formula& a, const Formula& b, std::string_view text, std::string_view latex) {
    return {a.text + std::string(text) + b.text, a.latex + std::string(latex) + b.latex};
}

void append(Formula& to, const Formula& formula, std::string_view text, std::string_view latex) {
    to = to.text.empty() ? formula : joined(to, formula, text, latex);
}

}  // namespace chainrule
