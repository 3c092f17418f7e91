#include "backend/llvm/step_loop.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <vector>

#include "backend/llvm/emit_scalar.h"
#include "backend/llvm/formats.h"
#include "backend/llvm/jit.h"

namespace chainrule {
namespace {

using llvm::Value;
using Kind = TensorStep::Kind;
using StepLoopCode = void(void* const* leaves, const std::int64_t* order, std::int64_t steps);

class StepLoopEmitter {
public:
    StepLoopEmitter(ModuleBuilder& made, const TensorProgram& program)
        : program_(program), builder_(*made.context), values_(program.steps.size(), nullptr) {
        auto* const pointer = llvm::PointerType::get(*made.context, 0);
        auto* const type = llvm::FunctionType::get(
            builder_.getVoidTy(), {pointer, pointer, builder_.getInt64Ty()}, false);
        function_ = llvm::Function::Create(type, llvm::Function::ExternalLinkage, "step_loop",
                                           *made.module);
        builder_.SetInsertPoint(llvm::BasicBlock::Create(*made.context, "entry", function_));
    }

    void run() {
        for (std::size_t i = 0; i < program_.leaves.size(); ++i) {
            auto* const pointer = llvm::PointerType::get(builder_.getContext(), 0);
            bases_.push_back(builder_.CreateLoad(
                pointer, builder_.CreateConstInBoundsGEP1_64(pointer, function_->getArg(0), i)));
        }
        for (std::size_t i = 0; i < values_.size(); ++i) {
            if (is_outside(program_.steps[i])) {
                values_[i] = emit(program_.steps[i]);
            }
        }
        loop();
    }

private:
    bool is_updated(std::uint32_t leaf) const {
        return std::ranges::any_of(program_.updates,
                                   [&](const auto& update) { return update.leaf == leaf; });
    }

    // Shared leaves and constants are made before the loop.
    bool is_outside(const TensorStep& step) const {
        return step.kind == Kind::constant ||
               (step.kind == Kind::leaf && !program_.leaves[step.leaf].per_example);
    }

    void loop() {
        llvm::BasicBlock* const before = builder_.GetInsertBlock();
        auto* const body = llvm::BasicBlock::Create(builder_.getContext(), "step", function_);
        auto* const after = llvm::BasicBlock::Create(builder_.getContext(), "done", function_);
        builder_.CreateBr(body);
        builder_.SetInsertPoint(body);
        step_ = builder_.CreatePHI(builder_.getInt64Ty(), 2, "step");
        step_->addIncoming(builder_.getInt64(0), before);
        std::vector<llvm::PHINode*> states;
        for (std::size_t i = 0; i < values_.size(); ++i) {
            const TensorStep& step = program_.steps[i];
            if (step.kind == Kind::leaf && is_updated(step.leaf)) {
                states.push_back(builder_.CreatePHI(values_[i]->getType(), 2));
                states.back()->addIncoming(values_[i], before);
                state_of_leaf_.emplace_back(step.leaf, states.back());
                values_[i] = states.back();
            }
        }
        for (std::size_t i = 0; i < values_.size(); ++i) {
            if (values_[i] == nullptr) {
                values_[i] = emit(program_.steps[i]);
            }
        }
        Value* const next = builder_.CreateAdd(step_, builder_.getInt64(1), "", true, true);
        step_->addIncoming(next, body);
        for (const auto& [leaf, state] : state_of_leaf_) {
            state->addIncoming(values_[value_of_update(leaf)], body);
        }
        builder_.CreateCondBr(builder_.CreateICmpSLT(next, function_->getArg(2)), body, after);
        builder_.SetInsertPoint(after);
        for (const TensorProgram::Update& update : program_.updates) {
            builder_.CreateAlignedStore(values_[update.value], bases_[update.leaf],
                                        element_align());
        }
        builder_.CreateRetVoid();
    }

    std::uint32_t value_of_update(std::uint32_t leaf) const {
        return std::ranges::find(program_.updates, leaf, &TensorProgram::Update::leaf)->value;
    }

    llvm::Type* type_of(unsigned size) {
        return lane_type(builder_.getContext(), program_.real, size);
    }
    llvm::Align element_align() const {
        return llvm::Align(program_.real == ScalarKind::f32 ? 4 : 8);
    }

    Value* emit(const TensorStep& step) {
        switch (step.kind) {
        case Kind::leaf:
            return program_.leaves[step.leaf].per_example ? rows(step) : shared(step);
        case Kind::constant:
            return constant(step.numbers);
        case Kind::map:
            return map(step);
        case Kind::shuffle:
            return shuffle(step);
        case Kind::fold:
            return fold(step);
        }
        return nullptr;
    }

    Value* map(const TensorStep& step) {
        // Whole numbers of a scalar would be computed in other registers than its reals, and the
        // way there and back is long: a vector keeps both in one place.
        const bool widened = step.size == 1 && uses_bits(step.program);
        const unsigned lanes = widened ? 4 : step.size;
        std::vector<Value*> inputs;
        for (const std::uint32_t operand : step.operands) {
            Value* const input = values_[operand];
            inputs.push_back(
                widened ? builder_.CreateInsertElement(llvm::PoisonValue::get(type_of(lanes)),
                                                       input, std::uint64_t{0})
                        : input);
        }
        Value* const result = emit_scalar(builder_, step.program, inputs, lanes)[0];
        return widened ? builder_.CreateExtractElement(result, std::uint64_t{0}) : result;
    }

    static bool uses_bits(const ScalarProgram& program) {
        return std::ranges::any_of(program.instructions(), [](const ScalarInstruction& i) {
            return i.op == ScalarOp::bits_of;
        });
    }

    Value* shared(const TensorStep& step) {
        return builder_.CreateAlignedLoad(type_of(step.size), bases_[step.leaf], element_align());
    }

    // The batch's rows of a leaf, one behind the other.
    Value* rows(const TensorStep& step) {
        const LeafPlan& leaf = program_.leaves[step.leaf];
        const auto block = static_cast<unsigned>(step.size / program_.batch);
        Value* const first = builder_.CreateMul(
            step_, builder_.getInt64(static_cast<std::uint64_t>(program_.batch)));
        std::vector<Value*> examples;
        for (std::int64_t e = 0; e < program_.batch; ++e) {
            auto* const whole = builder_.getInt64Ty();
            Value* const at =
                builder_.CreateAdd(first, builder_.getInt64(static_cast<std::uint64_t>(e)));
            Value* const row = builder_.CreateLoad(
                whole, builder_.CreateInBoundsGEP(whole, function_->getArg(1), at));
            llvm::Type* const element = format_type(builder_.getContext(), leaf.format);
            Value* const place = builder_.CreateInBoundsGEP(
                element, bases_[step.leaf], builder_.CreateMul(row, builder_.getInt64(block)));
            llvm::Type* const type =
                block == 1 ? element : llvm::FixedVectorType::get(element, block);
            const llvm::Align align(element->getPrimitiveSizeInBits() / 8);
            examples.push_back(as_real(builder_, builder_.CreateAlignedLoad(type, place, align),
                                       type_of(block), leaf.format));
        }
        return joined(examples, block);
    }

    // Vectors (or numbers) of `size` elements one behind the other.
    Value* joined(const std::vector<Value*>& parts, unsigned size) {
        if (parts.size() == 1) {
            return parts[0];
        }
        const auto total = static_cast<unsigned>(parts.size()) * size;
        Value* result = llvm::PoisonValue::get(type_of(total));
        for (unsigned i = 0; i < parts.size(); ++i) {
            result = size == 1 ? builder_.CreateInsertElement(result, parts[i], std::uint64_t{i})
                               : inserted(result, parts[i], i * size, size, total);
        }
        return result;
    }

    // `part` in the place of the elements from `first` on.
    Value* inserted(Value* whole, Value* part, unsigned first, unsigned size, unsigned total) {
        std::vector<int> widen(total, -1);
        std::iota(widen.begin(), widen.begin() + size, 0);
        std::vector<int> blend(total);
        std::iota(blend.begin(), blend.end(), 0);
        std::iota(blend.begin() + first, blend.begin() + first + size, static_cast<int>(total));
        return builder_.CreateShuffleVector(whole, builder_.CreateShuffleVector(part, widen),
                                            blend);
    }

    Value* constant(const std::vector<double>& numbers) {
        std::vector<llvm::Constant*> elements;
        for (const double number : numbers) {
            elements.push_back(llvm::ConstantFP::get(type_of(1), number));
        }
        return elements.size() == 1 ? elements[0] : llvm::ConstantVector::get(elements);
    }

    Value* shuffle(const TensorStep& step) {
        Value* result = nullptr;
        std::int32_t first = 0;
        for (const std::uint32_t operand : step.operands) {
            const auto size = static_cast<std::int32_t>(program_.steps[operand].size);
            std::vector<int> picked;
            bool any = false;
            for (const std::int32_t index : step.indices) {
                const bool here = index >= first && index < first + size;
                picked.push_back(here ? index - first : -1);
                any |= here;
            }
            if (any) {
                Value* const part = permuted(values_[operand], picked);
                result = result == nullptr ? part : blended(result, part, picked);
            }
            first += size;
        }
        return result;
    }

    Value* permuted(Value* vector, const std::vector<int>& picked) {
        const bool from_one = !vector->getType()->isVectorTy();
        if (picked.size() == 1) {
            return from_one ? vector
                            : builder_.CreateExtractElement(vector,
                                                            static_cast<std::uint64_t>(picked[0]));
        }
        if (from_one) {
            return builder_.CreateVectorSplat(static_cast<unsigned>(picked.size()), vector);
        }
        return builder_.CreateShuffleVector(vector, picked);
    }

    Value* blended(Value* so_far, Value* part, const std::vector<int>& picked) {
        if (picked.size() == 1) {
            return picked[0] >= 0 ? part : so_far;
        }
        std::vector<int> blend;
        for (std::size_t i = 0; i < picked.size(); ++i) {
            blend.push_back(static_cast<int>(picked[i] >= 0 ? picked.size() + i : i));
        }
        return builder_.CreateShuffleVector(so_far, part, blend);
    }

    // Halves combined until one vector is left; a number of vectors that is no power of two is
    // filled up.
    Value* fold(const TensorStep& step) {
        Value* all = values_[step.operands[0]];
        unsigned count = std::bit_ceil(step.count);
        if (count != step.count) {
            std::vector<int> picked(std::size_t{count} * step.size,
                                    static_cast<int>(step.count * step.size));
            std::iota(picked.begin(), picked.begin() + std::ptrdiff_t{step.count} * step.size, 0);
            const unsigned own = step.count * step.size;
            Value* const missing = own == 1 ? constant({step.initial})
                                            : constant(std::vector<double>(own, step.initial));
            all = builder_.CreateShuffleVector(all, missing, picked);
        }
        for (; count > 1; count /= 2) {
            const unsigned half = count / 2 * step.size;
            std::vector<int> low(half);
            std::iota(low.begin(), low.end(), 0);
            std::vector<int> high(half);
            std::iota(high.begin(), high.end(), static_cast<int>(half));
            Value* const a = permuted(all, low);
            Value* const b = permuted(all, high);
            all = emit_scalar(builder_, step.program, std::array{a, b}, half)[0];
        }
        return all;
    }

    const TensorProgram& program_;
    llvm::IRBuilder<> builder_;
    llvm::Function* function_ = nullptr;
    llvm::PHINode* step_ = nullptr;
    std::vector<Value*> bases_;  // by leaf
    std::vector<Value*> values_;
    std::vector<std::pair<std::uint32_t, llvm::PHINode*>> state_of_leaf_;
};

class CompiledLoop final : public StepLoop {
public:
    CompiledLoop(const TensorProgram& program, bool keep_text) {
        jit_.keep_text = keep_text;
        ModuleBuilder made = jit_.new_module();
        StepLoopEmitter(made, program).run();
        jit_.add(std::move(made));
        code_ = jit_.function<StepLoopCode>("step_loop");
    }
    void run(void* const* leaves, const std::int64_t* order, std::int64_t steps) const override {
        code_(leaves, order, steps);
    }
    const std::string& llvm_text() const override { return jit_.llvm_text; }
    const std::string& assembly() const override { return jit_.assembly; }

private:
    Jit jit_;
    StepLoopCode* code_ = nullptr;
};

}  // namespace

std::unique_ptr<StepLoop> compile_loop(const TensorProgram& program, bool keep_text) {
    return std::make_unique<CompiledLoop>(program, keep_text);
}

}  // namespace chainrule
