// Whether numbers far from unit scale go into a network's products: pixels of 0 .. 255, an income
// of 50,000 beside an age of 40. Arrays are never standardised, and tables not under `--scale
// none`, so that the network itself must scale them; descent from usual initial weights suffers
// where it does not (LeCun, Bottou, Orr and Müller, "Efficient BackProp", 1998, section 4.3).
//
//     diagnostics.add(warn_of_unscaled_inputs(network, some_rows));
//     // warning: the input x holds bytes, whole numbers from 0 to 255, ...: write `u = x / 255`
#pragma once

#include <vector>

#include "data/dataset.h"
#include "elaborate/network.h"
#include "lang/diagnostic.h"

namespace chainrule {

// A warning for each input of which a product with a weight takes something, the input itself or
// what is made of it without weights (2 * x, relu(x)), that is out of scale in the rows: an element
// above 16 and a hundred times another, or 1, a bias's input (its size: the root mean square, of
// the other one the greatest, so that a rare 1 among zeros is no small element); of bytes as they
// are, one above 16. None for a table that is standardised.
std::vector<Diagnostic> warn_of_unscaled_inputs(const Network& network, const Dataset& rows);

}  // namespace chainrule
