// The formats of data in memory, and their way into reals.
#pragma once

#include <llvm/IR/IRBuilder.h>

#include "compile/plan.h"

namespace chainrule {

llvm::Type* format_type(llvm::LLVMContext& context, ElementFormat format);

// A number or a vector in `format` as one of `type`.
llvm::Value* as_real(llvm::IRBuilder<>& builder, llvm::Value* value, llvm::Type* type,
                     ElementFormat format);

}  // namespace chainrule
