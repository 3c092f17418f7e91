// A sum of fractions as one fraction, where that is shorter: what makes the derivative of a
// written-out cross-entropy the textbook's.
//
//     before: -(y / a) + (1 - y) / (1 - a)
//     after:  (a - y) / (a * (1 - a))
#pragma once

#include "passes/terms.h"

namespace chainrule {

// The sum itself, or one product of the same value with fewer operations.
Sum combine_fractions(Graph& graph, const Sum& sum);

}  // namespace chainrule
