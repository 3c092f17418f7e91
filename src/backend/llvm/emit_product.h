// A matrix product of a plan as a function, called as a kernel is (backend/frame.h): the rows of
// its tile.
//
// The result is computed in blocks that stay in registers while the inner index runs (Goto and van
// de Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34, 2008), of a depth of
// inner indices at a time. Where the columns of the right matrix are not side by side, as in W @ x,
// they are copied so first, a panel of a few vectors at a time.
//
// Each element is summed in the order of the inner index, in fused multiplications and additions,
// whatever the rows are of a tile.
#pragma once

#include <string>

#include "backend/llvm/jit.h"
#include "compile/plan.h"

namespace chainrule {

void emit_product(ModuleBuilder& made, const ProductPlan& product, ScalarKind real,
                  const std::string& name, unsigned vector_bytes);

}  // namespace chainrule
