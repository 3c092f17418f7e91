// Scalar programs for people to read.
//
//     print_outputs(program, {"x[i]"})      {"(1 / (1 + exp..."}
#pragma once

#include <string>
#include <vector>

#include "scalar/scalar.h"

namespace chainrule {

// Each output as one expression of the inputs' texts; where that is long, its beginning.
std::vector<std::string> print_outputs(const ScalarProgram& program,
                                       const std::vector<std::string>& inputs);

}  // namespace chainrule
