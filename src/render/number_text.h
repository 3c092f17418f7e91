// Numbers and tensors for a reader: six significant digits, and tensors only as far as a page
// bears. (All digits are JSON's business.)
#pragma once

#include <string>
#include <vector>

#include "ir/tensor.h"

namespace chainrule {

// `0.433217`, `-1.5e-7`, `nan`; 0 and -0 are `0`.
std::string short_number(double value, int digits = 6);
// `0.433217`, `-1.5 \times 10^{-7}`, `-\infty`.
std::string latex_number(double value);

// Whether short_number shows every number of the tensor in full, so that `=` may stand before it.
bool is_shown_exactly(const Tensor& tensor);

// A tensor as lines of at most `width` columns where that is possible: a vector wraps, a matrix has
// a row per line, with aligned columns. What is too large is summed up: `[128, 784]: 0.1, 0.2,
// ...`.
std::vector<std::string> tensor_lines(const Tensor& tensor, int width);

// A vector as a column, a matrix as a matrix; what is too large by its shape.
std::string latex_tensor(const Tensor& tensor);

}  // namespace chainrule
