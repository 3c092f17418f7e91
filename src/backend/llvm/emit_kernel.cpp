#include "backend/llvm/emit_kernel.h"

#include <llvm/IR/Verifier.h>

#include <algorithm>

#include "backend/llvm/emit_nest.h"
#include "backend/llvm/kernel_function.h"
#include "backend/llvm/loops.h"
#include "backend/llvm/streamed.h"
#include "compile/accesses.h"

namespace chainrule {
namespace {

using llvm::Value;

class KernelEmitter {
public:
    KernelEmitter(ModuleBuilder& made, const Plan& plan, const Kernel& kernel,
                  const std::string& name, unsigned vector_bytes)
        : kernel_(kernel),
          function_(made, name),
          builder_(function_.builder),
          row_{plan, vector_bytes, {}, streamed_buffers(plan, vector_bytes)} {}

    void run() {
        row_.bases.resize(row_.plan.buffers.size(), nullptr);
        row_.batch = function_.batch();
        const auto find = [&](const Access& access) { find_base(access.buffer); };
        for_each_load(kernel_, find);
        for_each_store(kernel_, find);
        row_.leave = llvm::BasicBlock::Create(builder_.getContext(), "leave", function_.function());
        row_.report = function_.report();
        row_.self = function_.self();
        for (const LoopNest& nest : kernel_.first) {
            emit_nest(builder_, row_, nest);
        }
        Value* const order = uses_data_ ? function_.order() : nullptr;
        emit_loop(builder_, function_.first(), function_.last(), 1, [&](Value* row) {
            row_.row = row;
            if (uses_data_) {
                auto* const whole = builder_.getInt64Ty();
                row_.data_row = builder_.CreateLoad(whole, builder_.CreateGEP(whole, order, row));
            }
            for (const LoopNest& nest : kernel_.nests) {
                emit_nest(builder_, row_, nest);
            }
        });
        builder_.CreateBr(row_.leave);
        builder_.SetInsertPoint(row_.leave);
        if (stores_any([&](std::uint32_t buffer) { return row_.streamed[buffer]; })) {
            builder_.CreateFence(llvm::AtomicOrdering::SequentiallyConsistent);
        }
        builder_.CreateRetVoid();
    }

private:
    // The address of a buffer, at its block of the tile where it has one for each.
    void find_base(std::uint32_t index) {
        const Buffer& buffer = row_.plan.buffers[index];
        uses_data_ |= buffer.region == Region::data;
        if (row_.bases[index] != nullptr) {
            return;
        }
        auto* const element =
            row_.plan.real == ScalarKind::f32 ? builder_.getFloatTy() : builder_.getDoubleTy();
        if (buffer.region == Region::scratch) {
            row_.bases[index] = builder_.CreateConstInBoundsGEP1_64(
                element, function_.scratch(), static_cast<std::uint64_t>(buffer.place));
            return;
        }
        Value* base = function_.buffer(index);
        // What reads the parts reads those of all tiles.
        const bool is_stored = stores_any([&](std::uint32_t stored) { return stored == index; });
        if (buffer.region == Region::tiles && is_stored) {
            Value* const place = builder_.CreateMul(
                function_.tile(), builder_.getInt64(static_cast<std::uint64_t>(buffer.size)));
            base = builder_.CreateInBoundsGEP(element, base, place);
        }
        row_.bases[index] = base;
    }

    template <class F>
    bool stores_any(const F& holds) const {
        bool any = false;
        for_each_store(kernel_, [&](const Access& access) { any = any || holds(access.buffer); });
        return any;
    }

    const Kernel& kernel_;
    KernelFunction function_;
    llvm::IRBuilder<>& builder_;
    RowContext row_;
    bool uses_data_ = false;
};

}  // namespace

void emit_kernel(ModuleBuilder& made, const Plan& plan, const Kernel& kernel,
                 const std::string& name, unsigned vector_bytes) {
    KernelEmitter(made, plan, kernel, name, vector_bytes).run();
}

}  // namespace chainrule
