// Which columns of a table feed which part of a network: the rules of data/dataset.h.
//
// Errors: UserError naming both counts, the columns and the mend.
#pragma once

#include <cstddef>
#include <vector>

#include "data/dataset.h"
#include "data/table.h"
#include "lang/diagnostic.h"

namespace chainrule {

struct ChosenColumns {
    std::vector<std::size_t> inputs;  // for each element of each input
    std::vector<std::size_t> target;  // for each element of the target
    std::vector<Diagnostic> diagnostics;
};

ChosenColumns choose_columns(const Table& table, const BindRequest& request);

}  // namespace chainrule
