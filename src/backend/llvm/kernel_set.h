// All kernels of a plan as one module of machine code.
#pragma once

#include <memory>

#include "backend/native.h"

namespace chainrule {

std::unique_ptr<KernelSet> compile_kernels(const Plan& plan, bool keep_text);

}  // namespace chainrule
