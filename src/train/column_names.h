// What messages call the numbers of a row: by their columns, where they come from a table.
#pragma once

#include <cstddef>
#include <string>

#include "data/dataset.h"
#include "elaborate/network.h"

namespace chainrule {

// `age`, or `c4` of a table without a header; of arrays `x[3]`, or `x` where that is one number.
std::string input_element_name(const Network& network, const Dataset& data, std::size_t input,
                               std::size_t element);
// The same of the network's only target.
std::string target_element_name(const Network& network, const Dataset& data, std::size_t element);

}  // namespace chainrule
