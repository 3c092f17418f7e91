// Matrix products by oneDNN's matmul primitive: created once, transposes taken as strides, on one
// thread.
#pragma once

#include <memory>

#include "backend/native.h"

namespace chainrule {

std::unique_ptr<MatrixProductCode> make_product(const ProductShape& shape);

}  // namespace chainrule
