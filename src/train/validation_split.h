// Which rows training holds out for validation: of each class in proportion where the target tells
// classes, unless the recipe says otherwise (data/split.h).
//
//     std::optional<Split> split = validation_split(data, classes, options);
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/split.h"
#include "data/target_classes.h"
#include "train/recipe.h"

namespace chainrule {

bool splits_by_class(const TargetClasses& classes, const TrainOptions& options);

// `bound` has its targets. None where nothing is held out. UserError where a side gets no row.
std::optional<Split> validation_split(const Dataset& bound, const TargetClasses& classes,
                                      const TrainOptions& options);

// A note, where there are classes of one row: a split by class leaves them in the training part.
std::vector<Diagnostic> note_lone_rows(std::span<const std::size_t> class_rows,
                                       const std::vector<std::string>& labels);

}  // namespace chainrule
