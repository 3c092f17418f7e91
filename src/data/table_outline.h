// A table's columns without their cells, as a survey of the file tells them.
#pragma once

#include <cstddef>
#include <string>

#include "data/survey.h"
#include "data/table.h"

namespace chainrule {

// The names alone.
Table outline_names(const Survey& survey, const std::string& source, char delimiter);

// Names, kinds and room for the cells of so many rows, whatever the cells of columns of numbers
// are.
Table outline_columns(const Survey& survey, const std::string& source, char delimiter,
                      std::size_t room);

// The same. UserError with a diagnostic per cell (the first five of each column) that is no number
// in a column of numbers.
Table outline_table(const Survey& survey, const std::string& source, char delimiter,
                    std::size_t room);

}  // namespace chainrule
