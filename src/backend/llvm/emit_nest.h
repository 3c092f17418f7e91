// One loop nest of a kernel, for one row.
#pragma once

#include <llvm/IR/IRBuilder.h>

#include <vector>

#include "compile/plan.h"

namespace chainrule {

// What the nests of a kernel share: addresses that stay the same in all rows, and the row at hand.
struct RowContext {
    const Plan& plan;
    unsigned vector_bytes;
    std::vector<llvm::Value*> bases;  // by buffer; null: not used
    std::vector<bool> streamed;       // by buffer: its stores pass the caches by
    llvm::Value* row = nullptr;       // in the job
    llvm::Value* data_row = nullptr;  // of the caller's data; null outside of batch jobs
    llvm::Value* batch = nullptr;     // the number of examples
    // Where a kernel goes that cannot go on, having told `self` of the index (backend/frame.h).
    llvm::BasicBlock* leave = nullptr;
    llvm::Value* report = nullptr;
    llvm::Value* self = nullptr;
};

// Without a row for what is done once.
void emit_nest(llvm::IRBuilder<>& builder, const RowContext& context, const LoopNest& nest);

}  // namespace chainrule
