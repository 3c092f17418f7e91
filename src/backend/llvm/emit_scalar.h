// Scalar programs as LLVM instructions, on vectors: the one place where they are translated.
//
//     llvm::Value* y = emit_scalar(builder, program, {x}, 16)[0];     // <16 x float>
#pragma once

#include <llvm/IR/IRBuilder.h>

#include <span>
#include <vector>

#include "scalar/scalar.h"

namespace chainrule {

// The type of `lanes` values of a kind: a vector, or for one lane a plain number.
llvm::Type* lane_type(llvm::LLVMContext& context, ScalarKind kind, unsigned lanes);

// The program's outputs. Input i is of lane_type(the kind that the program gives it, lanes).
std::vector<llvm::Value*> emit_scalar(llvm::IRBuilder<>& builder, const ScalarProgram& program,
                                      std::span<llvm::Value* const> inputs, unsigned lanes);

}  // namespace chainrule
