#include "backend/llvm/emit_kernel.h"

#include <llvm/IR/Verifier.h>

#include <algorithm>

#include "backend/llvm/emit_nest.h"
#include "backend/llvm/loops.h"
#include "backend/llvm/streamed.h"

namespace chainrule {
namespace {

using llvm::Value;

class KernelEmitter {
public:
    KernelEmitter(ModuleBuilder& made, const Plan& plan, const Kernel& kernel,
                  const std::string& name, unsigned vector_bytes)
        : kernel_(kernel),
          builder_(*made.context),
          row_{plan, vector_bytes, {}, streamed_buffers(plan, vector_bytes)} {
        auto* const pointer = llvm::PointerType::get(*made.context, 0);
        auto* const whole = builder_.getInt64Ty();
        auto* const type = llvm::FunctionType::get(builder_.getVoidTy(),
                                                   {pointer, whole, whole, whole, pointer}, false);
        function_ =
            llvm::Function::Create(type, llvm::Function::ExternalLinkage, name, *made.module);
        frame_ = llvm::StructType::get(*made.context, {pointer, pointer, whole});
        builder_.SetInsertPoint(llvm::BasicBlock::Create(*made.context, "entry", function_));
    }

    void run() {
        row_.bases.resize(row_.plan.buffers.size(), nullptr);
        buffers_ = frame_field(0);
        row_.batch = frame_field(2);
        for (const LoopNest& nest : kernel_.nests) {
            for (const Access& load : nest.loads) {
                find_base(load.buffer);
            }
            for (const StorePlan& store : nest.stores) {
                find_base(store.access.buffer);
            }
        }
        for (const LoopNest& nest : kernel_.nests) {
            if (std::ranges::any_of(nest.stores, &StorePlan::accumulate)) {
                emit_cleared_sums(builder_, row_, nest);
            }
        }
        Value* const order = uses_data_ ? frame_field(1) : nullptr;
        emit_loop(builder_, function_->getArg(1), function_->getArg(2), 1, [&](Value* row) {
            row_.row = row;
            if (uses_data_) {
                auto* const whole = builder_.getInt64Ty();
                row_.data_row = builder_.CreateLoad(whole, builder_.CreateGEP(whole, order, row));
            }
            for (const LoopNest& nest : kernel_.nests) {
                emit_nest(builder_, row_, nest);
            }
        });
        if (stores_any(row_.streamed)) {
            builder_.CreateFence(llvm::AtomicOrdering::SequentiallyConsistent);
        }
        builder_.CreateRetVoid();
    }

private:
    Value* frame_field(unsigned field) {
        Value* const place = builder_.CreateStructGEP(frame_, function_->getArg(0), field);
        return builder_.CreateLoad(frame_->getElementType(field), place);
    }

    // The address of a buffer, at its block of the tile where it has one for each.
    void find_base(std::uint32_t index) {
        const Buffer& buffer = row_.plan.buffers[index];
        uses_data_ |= buffer.region == Region::data;
        if (row_.bases[index] != nullptr) {
            return;
        }
        auto* const pointer = llvm::PointerType::get(builder_.getContext(), 0);
        auto* const element =
            row_.plan.real == ScalarKind::f32 ? builder_.getFloatTy() : builder_.getDoubleTy();
        if (buffer.region == Region::scratch) {
            row_.bases[index] = builder_.CreateConstInBoundsGEP1_64(
                element, function_->getArg(4), static_cast<std::uint64_t>(buffer.place));
            return;
        }
        Value* base = builder_.CreateLoad(
            pointer, builder_.CreateConstInBoundsGEP1_64(pointer, buffers_, index));
        if (buffer.region == Region::tiles && written_by_tiles(index)) {
            Value* const place = builder_.CreateMul(
                function_->getArg(3), builder_.getInt64(static_cast<std::uint64_t>(buffer.size)));
            base = builder_.CreateInBoundsGEP(element, base, place);
        }
        row_.bases[index] = base;
    }

    template <class F>
    bool any_store(const F& holds) const {
        return std::ranges::any_of(kernel_.nests, [&](const LoopNest& nest) {
            return std::ranges::any_of(nest.stores, holds);
        });
    }
    bool written_by_tiles(std::uint32_t buffer) const {
        return any_store([&](const StorePlan& store) {
            return store.accumulate && store.access.buffer == buffer;
        });
    }
    bool stores_any(const std::vector<bool>& buffers) const {
        return any_store([&](const StorePlan& store) { return buffers[store.access.buffer]; });
    }

    const Kernel& kernel_;
    llvm::IRBuilder<> builder_;
    RowContext row_;
    llvm::Function* function_ = nullptr;
    llvm::StructType* frame_ = nullptr;
    Value* buffers_ = nullptr;
    bool uses_data_ = false;
};

}  // namespace

void emit_kernel(ModuleBuilder& made, const Plan& plan, const Kernel& kernel,
                 const std::string& name, unsigned vector_bytes) {
    KernelEmitter(made, plan, kernel, name, vector_bytes).run();
}

}  // namespace chainrule
