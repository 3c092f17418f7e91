// The symbols of a derivation: names, dLoss/dw1, and how they are strung together.
#pragma once

#include <string>
#include <string_view>

#include "explain/explanation.h"

namespace chainrule {

Formula name_formula(std::string_view name);

// dA/dB; in LaTeX a fraction of partial signs. `direct`: along the direct path only, which the text
// writes with partial signs too, where dA/dB already means the whole derivative.
Formula partial_symbol(std::string_view d, std::string_view by, bool direct = false);

Formula joined(const Formula& a, const Formula& b, std::string_view text, std::string_view latex);

// `formula` itself, or behind what `to` holds already.
void append(Formula& to, const Formula& formula, std::string_view text, std::string_view latex);

}  // namespace chainrule
