// Rows of weight 0: they count as if they did not stand in the file, for the loss, gradients,
// metrics, splits, scales, categories and labels alike. They leave the table before anything looks
// at their other cells: a factor of 0 would not do, as 0 * NaN is NaN.
//
//     const std::size_t left_out = leave_out_weightless(table, "w");
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "data/table.h"
#include "lang/diagnostic.h"

namespace chainrule {

// `weights` selects the column, by name or number; empty: there is none. How many rows were left
// out; none for weights that are text, which bind_dataset refuses. UserError where there is no such
// column.
std::size_t leave_out_weightless(Table& table, const std::string& weights);

// A note, where any were left out. UserError where no `rows` are left.
std::vector<Diagnostic> note_weightless(const std::string& source, std::size_t left_out,
                                        std::size_t rows);

}  // namespace chainrule
