// An explanation in the five formats of `chainrule explain --format`. Pure functions of the record.
#pragma once

#include <string>
#include <string_view>

#include "explain/explanation.h"

namespace chainrule {

// A worksheet for a terminal `width` columns wide; ANSI colours if `colour`.
std::string render_text(const Explanation& explanation, int width = 80, bool colour = false);

// A LaTeX document that compiles by itself (article, amsmath).
std::string render_latex(const Explanation& explanation);

// Markdown with $...$ formulas, as GitHub and Jupyter show them.
std::string render_markdown(const Explanation& explanation);

// One page that stands alone, offline: formulas as MathML, nothing loaded. `picture` is an SVG of
// the network, as layout_picture gives it (render/draw.h); empty: none.
std::string render_html(const Explanation& explanation, std::string_view picture = {});

// The JSON contract.
std::string render_json(const Explanation& explanation);

}  // namespace chainrule
