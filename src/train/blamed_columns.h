// Which numbers of a row make a value that is not finite, where no weight has a part in it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "elaborate/network.h"

namespace chainrule {

// The names of the columns of `row` with another number in which `value`, a node of `graph` that every
// example has for itself and that depends on no weight, would be at most `largest`: each is tried. None
// where there are too many to try, or no single one mends it.
std::vector<std::string> blamed_columns(const Network& network, const Graph& graph, NodeId value,
                                        const Dataset& data, std::size_t row, double largest);

}  // namespace chainrule
