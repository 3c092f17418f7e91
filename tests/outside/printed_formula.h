// The formulas that chainrule prints, read by somebody else: a reader of 100 lines that knows the
// precedence of Python and makes symbolic expressions of GiNaC.
//
//     read_formula("(a2 - y) * a2^2", names)  // names: what a1, y, ... stand for
//
// Numbers are read as exact fractions. The functions are those whose derivatives GiNaC knows, and
// others as the formula that defines them.
#pragma once

#include <ginac/ginac.h>

#include <map>
#include <string>

namespace chainrule::tests {

using Names = std::map<std::string, GiNaC::ex>;

// Throws std::runtime_error for what it cannot read.
GiNaC::ex read_formula(const std::string& text, const Names& names);

// Functions of one argument that read_formula knows.
const std::map<std::string, GiNaC::ex (*)(const GiNaC::ex&)>& functions_of_one();

}  // namespace chainrule::tests
