// How many rows a step takes.
#pragma once

#include <cstddef>

#include "train/recipe.h"

namespace chainrule {

// Of so many rows of the training part: all of them for a method of the whole data, at most them
// for others. Throws UserError where there are none, and for a batch of more rows that was asked
// for.
std::size_t batch_rows(const TrainOptions& options, std::size_t rows);

}  // namespace chainrule
