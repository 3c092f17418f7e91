// A table's columns without their cells, as a survey of the file tells them.
#pragma once

#include <string>

#include "data/survey.h"
#include "data/table.h"

namespace chainrule {

// Names, kinds and room for the cells. UserError with a diagnostic per cell (the first five of each
// column) that is no number in a column of numbers.
Table outline_table(const Survey& survey, const std::string& source, char delimiter);

}  // namespace chainrule
