// The meaning of elementwise ops and of losses between two numbers in 400-digit arithmetic (GiNaC
// on CLN), written as the definition in a book says and with no regard for cancellation: a second
// opinion that shares no code and no formula with the ops.
#pragma once

#include <ginac/ginac.h>

#include <string_view>
#include <vector>

#include "ir/op.h"

namespace chainrule::tests {

using Operands = std::vector<GiNaC::numeric>;
using OracleFunction = GiNaC::numeric (*)(const Operands& x, const Attributes& attributes);

// The definition of that op, or null.
OracleFunction find_oracle(std::string_view op);

// Exactly that double, in 400 digits.
GiNaC::numeric exact(double value);

// df/dx[operand] by a central difference with h = 1e-60, right to over 50 digits; no rule of
// calculus is used.
GiNaC::numeric oracle_slope(OracleFunction f, const Operands& x, const Attributes& attributes,
                            std::size_t operand);

}  // namespace chainrule::tests
