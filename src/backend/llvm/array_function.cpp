#include "backend/llvm/array_function.h"

#include <map>
#include <vector>

#include "backend/llvm/emit_scalar.h"
#include "backend/llvm/jit.h"
#include "lang/diagnostic.h"

namespace chainrule {
namespace {

using llvm::Value;
using ArrayCode = void(const void* const* inputs, void* const* outputs, std::int64_t first,
                       std::int64_t last);

class CompiledArrayFunction final : public ArrayFunction {
public:
    explicit CompiledArrayFunction(const ScalarProgram& program);
    void run(std::span<const void* const> inputs, std::span<void* const> outputs, std::size_t first,
             std::size_t last) const override {
        code_(inputs.data(), outputs.data(), static_cast<std::int64_t>(first),
              static_cast<std::int64_t>(last));
    }

private:
    Jit jit_;
    ArrayCode* code_ = nullptr;
};

// As many lanes as the widest kind of the program has in one vector.
unsigned lanes_of(const ScalarProgram& program, unsigned vector_bytes) {
    unsigned widest = 4;
    for (const ScalarInstruction& instruction : program.instructions()) {
        const bool wide = instruction.kind == ScalarKind::f64;
        widest = wide ? 8 : widest;
    }
    return vector_bytes / widest;
}

class ArrayLoopEmitter {
public:
    ArrayLoopEmitter(ModuleBuilder& made, const ScalarProgram& program, unsigned lanes)
        : program_(program), lanes_(lanes), builder_(*made.context) {
        auto* pointer = llvm::PointerType::get(*made.context, 0);
        auto* whole = builder_.getInt64Ty();
        auto* type =
            llvm::FunctionType::get(builder_.getVoidTy(), {pointer, pointer, whole, whole}, false);
        function_ = llvm::Function::Create(type, llvm::Function::ExternalLinkage, "array_function",
                                           *made.module);
        builder_.SetInsertPoint(block("entry"));
        for (const ScalarInstruction& instruction : program.instructions()) {
            if (instruction.op == ScalarOp::input) {
                inputs_.emplace(instruction.payload,
                                Array{base(0, instruction.payload), instruction.kind});
            }
        }
        for (std::size_t i = 0; i < program.outputs.size(); ++i) {
            outputs_.push_back({base(1, i), program[program.outputs[i]].kind});
        }
    }

    void run() {
        Value* first = function_->getArg(2);
        Value* last = function_->getArg(3);
        auto* const entry = builder_.GetInsertBlock();
        auto* const test = block("test");
        auto* const full = block("full");
        auto* const tail = block("tail");
        auto* const done = block("done");
        builder_.CreateBr(test);

        builder_.SetInsertPoint(test);
        auto* const i = builder_.CreatePHI(builder_.getInt64Ty(), 2, "i");
        i->addIncoming(first, entry);
        Value* const next = builder_.CreateAdd(i, builder_.getInt64(lanes_));
        builder_.CreateCondBr(builder_.CreateICmpSLE(next, last), full, tail);

        builder_.SetInsertPoint(full);
        body(i, nullptr);
        i->addIncoming(next, full);
        builder_.CreateBr(test);

        builder_.SetInsertPoint(tail);
        auto* const mask_type = llvm::FixedVectorType::get(builder_.getInt1Ty(), lanes_);
        body(i, builder_.CreateIntrinsic(llvm::Intrinsic::get_active_lane_mask,
                                         {mask_type, builder_.getInt64Ty()}, {i, last}));
        builder_.CreateBr(done);
        builder_.SetInsertPoint(done);
        builder_.CreateRetVoid();
    }

private:
    struct Array {
        Value* base;
        ScalarKind kind;
    };

    llvm::BasicBlock* block(const char* name) {
        return llvm::BasicBlock::Create(builder_.getContext(), name, function_);
    }
    Value* base(unsigned argument, std::uint64_t index) {
        auto* pointer = llvm::PointerType::get(builder_.getContext(), 0);
        return builder_.CreateLoad(
            pointer, builder_.CreateConstGEP1_64(pointer, function_->getArg(argument), index));
    }

    // The elements from `i` on; with a mask only those of its lanes.
    void body(Value* i, Value* mask) {
        std::vector<Value*> inputs;
        for (const auto& [index, array] : inputs_) {
            inputs.resize(index + 1);
            llvm::Type* type = lane_type(builder_.getContext(), array.kind, lanes_);
            Value* place = builder_.CreateGEP(type->getScalarType(), array.base, i);
            const llvm::Align align(type->getScalarSizeInBits() / 8);
            inputs[index] =
                mask == nullptr
                    ? static_cast<Value*>(builder_.CreateAlignedLoad(type, place, align))
                    : builder_.CreateMaskedLoad(type, place, align, mask,
                                                llvm::Constant::getNullValue(type));
        }
        const std::vector<Value*> values = emit_scalar(builder_, program_, inputs, lanes_);
        for (std::size_t k = 0; k < outputs_.size(); ++k) {
            llvm::Type* element = values[k]->getType()->getScalarType();
            Value* place = builder_.CreateGEP(element, outputs_[k].base, i);
            const llvm::Align align(element->getPrimitiveSizeInBits() / 8);
            if (mask == nullptr) {
                builder_.CreateAlignedStore(values[k], place, align);
            } else {
                builder_.CreateMaskedStore(values[k], place, align, mask);
            }
        }
    }

    const ScalarProgram& program_;
    unsigned lanes_;
    llvm::IRBuilder<> builder_;
    llvm::Function* function_ = nullptr;
    std::map<std::uint64_t, Array> inputs_;
    std::vector<Array> outputs_;
};

CompiledArrayFunction::CompiledArrayFunction(const ScalarProgram& program) {
    ModuleBuilder made = jit_.new_module();
    ArrayLoopEmitter(made, program, lanes_of(program, jit_.vector_bytes())).run();
    jit_.add(std::move(made));
    code_ = jit_.function<ArrayCode>("array_function");
}

}  // namespace

std::unique_ptr<ArrayFunction> compile_array(const ScalarProgram& program) {
    return std::make_unique<CompiledArrayFunction>(program);
}

}  // namespace chainrule
