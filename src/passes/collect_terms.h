// Puts products and sums in order: numbers together and in front, equal factors as powers,
// quotients that cancel cancelled, like terms added.
//
// Needs: nothing. Guarantees: the same value where no factor that cancels is zero, infinite or NaN;
// the factors of a product keep their order, so that a derivation reads from the loss down.
//
//     before: 1/2 * (2 * (a - y)) / (a * (1 - a)) * a * (1 - a) * w
//     after:  (a - y) * w
#pragma once

#include "ir/graph.h"

namespace chainrule {

Graph collect_terms(const Graph& graph);

}  // namespace chainrule
