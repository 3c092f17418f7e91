// Which numbers of a row make a value that is not finite, where no weight has a part in it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "elaborate/network.h"

namespace chainrule {

// The columns of `row` in which another number, put there alone, makes `value` finite: of all
// magnitudes at most `largest`. It is a node of `graph` that every example has for itself and that
// depends on no weight. None where there are too many columns to try.
std::vector<std::string> blamed_columns(const Network& network, const Graph& graph, NodeId value,
                                        const Dataset& data, std::size_t row, double largest);

}  // namespace chainrule
