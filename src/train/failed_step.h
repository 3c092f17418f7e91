// A step whose loss or gradient is not finite, computed by reference, which has every value of the
// network: the first value that is not, the row of data that makes it, and what goes in.
#pragma once

#include <optional>
#include <span>

#include "train/example_source.h"
#include "train/failure.h"

namespace chainrule {

// Of the step at these weights over these rows of the run's data; none where loss and gradient are
// finite in double precision and, for steps in single precision, no value on the way to them is
// beyond its range. A named value comes first, then the loss, then a gradient: a value that the
// loss masks may be infinite.
std::optional<Failure> find_value(const FailedRun& run, std::span<const Tensor> weights,
                                  std::span<const std::size_t> rows);

// The same of the loss alone, of the first rows of a part that is only looked at.
std::optional<Failure> find_value_of_loss(const TrainSetup& setup, const ExampleSource& source,
                                          std::span<const Tensor> weights);

}  // namespace chainrule
