// Scalar programs over whole arrays (backend/native.h): one loop of full vectors and one masked
// tail.
#pragma once

#include <memory>

#include "backend/native.h"

namespace chainrule {

std::unique_ptr<ArrayFunction> compile_array(const ScalarProgram& program);

}  // namespace chainrule
