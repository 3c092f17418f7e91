// Which columns of a table feed which part of a network: the rules of data/dataset.h.
//
// Errors: UserError naming both counts, the columns and the mend.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/place_columns.h"
#include "data/table.h"
#include "lang/diagnostic.h"

namespace chainrule {

struct ChosenColumns {
    std::vector<PlacedColumn> inputs;
    std::vector<std::size_t> target;                    // for each element of the target
    std::optional<std::size_t> weights = std::nullopt;  // of the examples
    std::vector<Diagnostic> diagnostics;
};

// The column of this name or, where there is none, of this number from 1.
std::size_t select_column(const Table& table, const std::string& selector);

ChosenColumns choose_columns(const Table& table, const BindRequest& request);

}  // namespace chainrule
