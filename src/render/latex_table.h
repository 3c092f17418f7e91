// A worksheet's table as lines of LaTeX, broken where they are too long: what amsmath's alignments,
// in a document or in Markdown, are made of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "render/worksheet.h"

namespace chainrule {

// The lines, of at most `width` ems in all where that is possible, as the body of an `alignedat{3}`
// or `alignat*{3}`: left side and formula, value, note. `line_end` ends a line: `\\` or `\cr`.
std::string latex_table(const WorksheetTable& table, double width, std::string_view line_end);

// A sentence, its formulas between `open` and `close`; its words through `escape`.
std::string latex_prose(const Prose& prose, std::string (*escape)(std::string_view));

}  // namespace chainrule
