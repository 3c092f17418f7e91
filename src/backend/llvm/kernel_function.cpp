#include "backend/llvm/kernel_function.h"

namespace chainrule {

using llvm::Value;

KernelFunction::KernelFunction(ModuleBuilder& made, const std::string& name)
    : builder(*made.context) {
    auto* const pointer = builder.getPtrTy();
    auto* const whole = builder.getInt64Ty();
    auto* const type = llvm::FunctionType::get(builder.getVoidTy(),
                                               {pointer, whole, whole, whole, pointer}, false);
    frame_ = llvm::StructType::get(*made.context, {pointer, pointer, whole, pointer, pointer});
    function_ = llvm::Function::Create(type, llvm::Function::ExternalLinkage, name, *made.module);
    builder.SetInsertPoint(llvm::BasicBlock::Create(*made.context, "entry", function_));
}

Value* KernelFunction::buffer(std::uint32_t index) {
    auto* const pointer = builder.getPtrTy();
    return builder.CreateLoad(pointer,
                              builder.CreateConstInBoundsGEP1_64(pointer, field(0), index));
}

Value* KernelFunction::field(unsigned index) {
    Value* const place = builder.CreateStructGEP(frame_, function_->getArg(0), index);
    return builder.CreateLoad(frame_->getElementType(index), place);
}

}  // namespace chainrule
