// A step whose loss or gradient is not finite, computed by reference, which has every value of the network: the
// first value that is not, the row of data that makes it, and what goes in.
#pragma once

#include <optional>
#include <span>

#include "train/failure.h"

namespace chainrule {

// Of the step at these weights over these rows of the run's data; none where loss and gradient are finite in double
// precision. A named value comes first, then the loss, then a gradient: a value that the loss masks may be
// infinite.
std::optional<Failure> find_value(const FailedRun& run, std::span<const Tensor> weights,
                                  std::span<const std::size_t> rows);

}  // namespace chainrule
