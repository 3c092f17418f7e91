// What a program defines, before anything runs: its functions go into the scope, its values into a
// table; what is defined twice, or in terms of itself, or mentions what there is not, is reported.
#pragma once

#include <vector>

#include "elaborate/dependence.h"
#include "elaborate/program.h"

namespace chainrule {

struct Definitions {
    Statements values;  // declarations and equations, in order
    // The rest, in order: output, loss, penalty, train.
    std::vector<Unit> others;
};

Definitions read_definitions(const Program& program, Scope& scope, Diagnostics& diagnostics);

// Reports functions and layers of the user's that are defined in terms of themselves, or mention a
// name or function that there is not; they are poisoned.
void check_functions(const Definitions& definitions, const Program& program, Scope& scope,
                     Diagnostics& diagnostics);

}  // namespace chainrule
