// The careful road for tables, record by record (data/csv.h), in two readings: one to survey, one to keep.
// It reads or refuses any bytes, naming the place; data/plain_table.h is the fast road.
#pragma once

#include "data/data_source.h"
#include "data/table.h"

namespace chainrule {

// From a source at its first byte, which is rewound for its last reading.
Table read_careful_table(DataSource& source, const TableFormat& format);

}  // namespace chainrule
