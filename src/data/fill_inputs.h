// The numbers of a table's columns laid out as the inputs of a network, by the rules of
// data/dataset.h.
#pragma once

#include <vector>

#include "data/dataset.h"
#include "data/place_columns.h"
#include "data/table.h"

namespace chainrule {

// Learns categories where the request has none, and fills in `inputs`, `input_sizes`, `encodings`
// and `columns` of `data`, whose tally counts missing cells and categories that were not learnt.
void fill_inputs(const Table& table, const BindRequest& request, std::vector<PlacedColumn> columns,
                 Dataset& data);

}  // namespace chainrule
