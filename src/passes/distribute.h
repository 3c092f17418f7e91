// A product over a sum, multiplied out where that cancels a quotient and is shorter.
//
//     before: p * (sum(y) - y / p)
//     after:  p * sum(y) - y
#pragma once

#include "passes/terms.h"

namespace chainrule {

// The product itself, as a sum of one term, or the sum that it multiplies out to. Assumes, as
// cancelling does, that what cancels is neither zero, infinite nor NaN.
Sum distribute(Graph& graph, const Product& product);

}  // namespace chainrule
