// What training asks of a set of weights.
#pragma once

#include <span>

#include "ir/tensor.h"

namespace chainrule {

bool are_finite(std::span<const Tensor> tensors);

// Rounds to single precision where `dtype` is f32.
void round_to(DType dtype, std::span<Tensor> tensors);

}  // namespace chainrule
