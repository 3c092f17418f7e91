// Explanations made by hand, as data for the renderers' tests.
#pragma once

#include "explain/explanation.h"

namespace chainrule {

// The worksheet of DESIGN.md section 1, given: g1 = g2 = sigmoid, 1/2 * (a2 - y)^2, with numbers.
Explanation worksheet_explanation();

// The same left abstract: no numbers.
Explanation abstract_explanation();

// Two layers of vectors, with named cotangents and a value that is not finite.
Explanation tensor_explanation();

// A chain of `layers` scalar sigmoids; each gradient names all partials down to its weight.
Explanation deep_explanation(int layers);

}  // namespace chainrule
