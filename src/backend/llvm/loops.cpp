#include "backend/llvm/loops.h"

namespace chainrule {

void emit_loop(llvm::IRBuilder<>& builder, llvm::Value* first, llvm::Value* last, std::int64_t step,
               const IndexBody& body) {
    llvm::LLVMContext& context = builder.getContext();
    llvm::BasicBlock* const before = builder.GetInsertBlock();
    llvm::Function* const function = before->getParent();
    auto* const head = llvm::BasicBlock::Create(context, "loop", function);
    auto* const inside = llvm::BasicBlock::Create(context, "body", function);
    auto* const after = llvm::BasicBlock::Create(context, "after", function);
    builder.CreateBr(head);
    builder.SetInsertPoint(head);
    llvm::PHINode* const index = builder.CreatePHI(builder.getInt64Ty(), 2, "i");
    index->addIncoming(first, before);
    builder.CreateCondBr(builder.CreateICmpSLT(index, last), inside, after);
    builder.SetInsertPoint(inside);
    body(index);
    index->addIncoming(builder.CreateAdd(index, builder.getInt64(static_cast<std::uint64_t>(step)),
                                         "", true, true),
                       builder.GetInsertBlock());
    builder.CreateBr(head);
    builder.SetInsertPoint(after);
}

void emit_loop(llvm::IRBuilder<>& builder, std::int64_t count, std::int64_t step,
               const IndexBody& body) {
    constexpr std::int64_t written_out = 4;
    const auto number = [&](std::int64_t i) {
        return builder.getInt64(static_cast<std::uint64_t>(i));
    };
    if (count > written_out * step) {
        emit_loop(builder, number(0), number(count), step, body);
        return;
    }
    for (std::int64_t i = 0; i < count; i += step) {
        body(number(i));
    }
}

llvm::AllocaInst* emit_variable(llvm::IRBuilder<>& builder, llvm::Type* type) {
    llvm::BasicBlock& entry = builder.GetInsertBlock()->getParent()->getEntryBlock();
    llvm::IRBuilder<> at_entry(&entry, entry.begin());
    return at_entry.CreateAlloca(type);
}

}  // namespace chainrule
