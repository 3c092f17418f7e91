// Loops and vectors in LLVM's terms: what the emitters of kernels share.
#pragma once

#include <llvm/IR/IRBuilder.h>

#include <functional>

namespace chainrule {

using IndexBody = std::function<void(llvm::Value* index)>;

// for (index = first; index < last; index += step) body(index)
void emit_loop(llvm::IRBuilder<>& builder, llvm::Value* first, llvm::Value* last, std::int64_t step,
               const IndexBody& body);

// The same from 0 to a number that is known; a few turns are written out.
void emit_loop(llvm::IRBuilder<>& builder, std::int64_t count, std::int64_t step,
               const IndexBody& body);

// A variable that lives in registers once the module is optimised.
llvm::AllocaInst* emit_variable(llvm::IRBuilder<>& builder, llvm::Type* type);

}  // namespace chainrule
