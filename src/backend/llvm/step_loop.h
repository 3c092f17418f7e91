// Whole-loop compilation: all steps of an epoch over a small network in one function
// (backend/native.h).
#pragma once

#include <memory>

#include "backend/native.h"

namespace chainrule {

std::unique_ptr<StepLoop> compile_loop(const TensorProgram& program, bool keep_text);

}  // namespace chainrule
