// The fast road for tables that are plain text (data/plain_cells.h): read once, in stretches of
// whole records, which several threads take in turn; the stretches' columns are put together in
// order, while others are still read, so that the table does not depend on the threads. Where it
// would take more than twice the bytes of its text, as short numbers do among few long ones, the
// rest is read for what the columns are, and the file again: a file that is refused takes no more.
//
//     if (auto table = read_plain_table(source, {})) ...      // otherwise read it with care
#pragma once

#include <cstddef>
#include <optional>

#include "data/data_source.h"
#include "data/plain_pieces.h"
#include "data/table.h"

namespace chainrule {

// None where the file is not plain, or has what is easier read with care: more than a thousand
// columns, a column whose kind changes from stretch to stretch, a first record that is a header by
// the first stretch and none by all, or the other way round. Errors are those of read_table.
// `stretch_size` is in bytes.
std::optional<Table> read_plain_table(DataSource& source, const TableFormat& format,
                                      std::size_t stretch_size = usual_stretch_size);

}  // namespace chainrule
