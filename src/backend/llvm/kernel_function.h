// A function that is called as backend/frame.h says, with what it finds in its frame.
#pragma once

#include <llvm/IR/IRBuilder.h>

#include <string>

#include "backend/llvm/jit.h"

namespace chainrule {

class KernelFunction {
public:
    // Its instructions go where `builder` stands: at its beginning, at first.
    KernelFunction(ModuleBuilder& made, const std::string& name);

    llvm::Value* first() const { return function_->getArg(1); }
    llvm::Value* last() const { return function_->getArg(2); }
    llvm::Value* tile() const { return function_->getArg(3); }
    llvm::Value* scratch() const { return function_->getArg(4); }

    llvm::Function* function() const { return function_; }

    // Loaded where the builder stands.
    llvm::Value* buffer(std::uint32_t index);
    llvm::Value* order() { return field(1); }
    llvm::Value* batch() { return field(2); }
    llvm::Value* report() { return field(3); }
    llvm::Value* self() { return field(4); }

    llvm::IRBuilder<> builder;

private:
    llvm::Value* field(unsigned index);

    llvm::StructType* frame_;
    llvm::Function* function_;
};

}  // namespace chainrule
