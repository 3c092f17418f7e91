// Which columns of a table feed which elements of a network's inputs: the rules of data/dataset.h.
//
// Errors: UserError naming both counts, the columns and the mend.
#pragma once

#include <cstddef>
#include <vector>

#include "data/column_encoding.h"
#include "data/dataset.h"
#include "data/table.h"
#include "lang/diagnostic.h"

namespace chainrule {

struct PlacedColumn {
    std::size_t column = 0;        // of the table
    ColumnEncoding encoding = {};  // without its categories, unless the request has them
    std::size_t input = 0;         // that it feeds
    std::size_t element = 0;       // the first of the input's elements that it feeds
};

// In order; ignored columns too, with the width 0. `candidates` are the columns besides the target.
std::vector<PlacedColumn> place_columns(const Table& table, const BindRequest& request,
                                        const std::vector<std::size_t>& candidates,
                                        std::vector<Diagnostic>& diagnostics);

}  // namespace chainrule
