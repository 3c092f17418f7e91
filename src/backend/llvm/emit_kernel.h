// Kernels of a plan as LLVM functions (backend/frame.h says how they are called).
//
// The last axis of each nest is computed in vectors as wide as the processor has, its rest in a
// masked one; sums keep one partial sum per lane, which are added pairwise at the end. The order
// depends on the sizes alone.
#pragma once

#include <string>

#include "backend/llvm/jit.h"
#include "compile/plan.h"

namespace chainrule {

void emit_kernel(ModuleBuilder& made, const Plan& plan, const Kernel& kernel,
                 const std::string& name, unsigned vector_bytes);

}  // namespace chainrule
