// One number of an elementwise value, written as what makes it: `log(0) = -inf`, `0/0 = nan`.
#pragma once

#include <string>
#include <vector>

#include "ir/graph.h"

namespace chainrule {

std::string element_formula(const Node& node, const std::vector<double>& operands, double result);

}  // namespace chainrule
