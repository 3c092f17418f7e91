#include "backend/llvm/emit_scalar.h"

#include <llvm/IR/Constants.h>
#include <llvm/IR/Intrinsics.h>
#include <llvm/IR/Module.h>

#include <bit>

#include "lang/diagnostic.h"

namespace chainrule {
namespace {

using llvm::Value;

llvm::Type* element_type(llvm::LLVMContext& context, ScalarKind kind) {
    switch (kind) {
    case ScalarKind::f32:
        return llvm::Type::getFloatTy(context);
    case ScalarKind::f64:
        return llvm::Type::getDoubleTy(context);
    case ScalarKind::i32:
        return llvm::Type::getInt32Ty(context);
    case ScalarKind::i64:
        return llvm::Type::getInt64Ty(context);
    case ScalarKind::condition:
        return llvm::Type::getInt1Ty(context);
    }
    throw InternalError("a scalar of no kind");
}

class Emitter {
public:
    Emitter(llvm::IRBuilder<>& builder, const ScalarProgram& program,
            std::span<Value* const> inputs, unsigned lanes)
        : builder_(builder), program_(program), inputs_(inputs), lanes_(lanes) {}

    std::vector<Value*> run() {
        // A product and a sum may become one fma: the only freedom that scalar programs give.
        llvm::IRBuilderBase::FastMathFlagGuard guard(builder_);
        llvm::FastMathFlags flags;
        flags.setAllowContract(true);
        builder_.setFastMathFlags(flags);
        for (const ScalarInstruction& instruction : program_.instructions()) {
            values_.push_back(emit(instruction));
        }
        std::vector<Value*> results;
        for (const std::uint32_t output : program_.outputs) {
            results.push_back(values_[output]);
        }
        return results;
    }

private:
    llvm::Type* type_of(const ScalarInstruction& i) {
        return lane_type(builder_.getContext(), i.kind, lanes_);
    }
    Value* operand(const ScalarInstruction& i, std::size_t k) { return values_[i.operands[k]]; }
    Value* intrinsic(llvm::Intrinsic::ID id, Value* x) {
        return builder_.CreateUnaryIntrinsic(id, x);
    }

    Value* emit(const ScalarInstruction& i) {
        switch (i.op) {
        case ScalarOp::input:
            return inputs_[i.payload];
        case ScalarOp::number:
            return number(i);
        case ScalarOp::lookup:
            return lookup(i);
        case ScalarOp::fma:
            return builder_.CreateIntrinsic(llvm::Intrinsic::fma, {type_of(i)},
                                            {operand(i, 0), operand(i, 1), operand(i, 2)});
        case ScalarOp::select:
            return builder_.CreateSelect(operand(i, 0), operand(i, 1), operand(i, 2));
        default:
            return i.arity == 1 ? unary(i, operand(i, 0)) : binary(i, operand(i, 0), operand(i, 1));
        }
    }

    Value* number(const ScalarInstruction& i) {
        llvm::LLVMContext& context = builder_.getContext();
        llvm::Constant* element =
            i.kind == ScalarKind::f32
                ? llvm::ConstantFP::get(
                      context,
                      llvm::APFloat(std::bit_cast<float>(static_cast<std::uint32_t>(i.payload))))
            : i.kind == ScalarKind::f64
                ? llvm::ConstantFP::get(context, llvm::APFloat(std::bit_cast<double>(i.payload)))
                : static_cast<llvm::Constant*>(
                      llvm::ConstantInt::get(element_type(context, i.kind), i.payload));
        return lanes_ == 1
                   ? element
                   : llvm::ConstantVector::getSplat(llvm::ElementCount::getFixed(lanes_), element);
    }

    Value* unary(const ScalarInstruction& i, Value* x) {
        switch (i.op) {
        case ScalarOp::negate:
            return is_real(i.kind) ? builder_.CreateFNeg(x) : builder_.CreateNeg(x);
        case ScalarOp::absolute:
            return intrinsic(llvm::Intrinsic::fabs, x);
        case ScalarOp::square_root:
            return intrinsic(llvm::Intrinsic::sqrt, x);
        case ScalarOp::floor:
            return intrinsic(llvm::Intrinsic::floor, x);
        case ScalarOp::nearest:
            return intrinsic(llvm::Intrinsic::nearbyint, x);
        case ScalarOp::bit_not:
            return builder_.CreateNot(x);
        case ScalarOp::bits_of:
        case ScalarOp::from_bits:
            return builder_.CreateBitCast(x, type_of(i));
        case ScalarOp::whole_of:
            return builder_.CreateFreeze(builder_.CreateFPToSI(x, type_of(i)));
        case ScalarOp::real_of:
            return builder_.CreateSIToFP(x, type_of(i));
        case ScalarOp::widen:
            return is_real(i.kind) ? builder_.CreateFPExt(x, type_of(i))
                                   : builder_.CreateSExt(x, type_of(i));
        case ScalarOp::narrow:
            return is_real(i.kind) ? builder_.CreateFPTrunc(x, type_of(i))
                                   : builder_.CreateTrunc(x, type_of(i));
        default:
            throw InternalError("a scalar instruction without a translation");
        }
    }

    Value* binary(const ScalarInstruction& i, Value* a, Value* b) {
        const bool real = a->getType()->isFPOrFPVectorTy();
        switch (i.op) {
        case ScalarOp::add:
            return real ? builder_.CreateFAdd(a, b) : builder_.CreateAdd(a, b);
        case ScalarOp::subtract:
            return real ? builder_.CreateFSub(a, b) : builder_.CreateSub(a, b);
        case ScalarOp::multiply:
            return real ? builder_.CreateFMul(a, b) : builder_.CreateMul(a, b);
        case ScalarOp::divide:
            return builder_.CreateFDiv(a, b);
        case ScalarOp::less:
            return real ? builder_.CreateFCmpOLT(a, b) : builder_.CreateICmpSLT(a, b);
        case ScalarOp::less_equal:
            return real ? builder_.CreateFCmpOLE(a, b) : builder_.CreateICmpSLE(a, b);
        case ScalarOp::equal:
            return real ? builder_.CreateFCmpOEQ(a, b) : builder_.CreateICmpEQ(a, b);
        case ScalarOp::bit_and:
            return builder_.CreateAnd(a, b);
        case ScalarOp::bit_or:
            return builder_.CreateOr(a, b);
        case ScalarOp::bit_xor:
            return builder_.CreateXor(a, b);
        case ScalarOp::shift_left:
            return builder_.CreateShl(a, b);
        case ScalarOp::shift_right:
            return builder_.CreateAShr(a, b);
        case ScalarOp::shift_right_logical:
            return builder_.CreateLShr(a, b);
        default:
            throw InternalError("a scalar instruction without a translation");
        }
    }

    // A constant array in the module, read lane by lane.
    Value* lookup(const ScalarInstruction& i) {
        llvm::LLVMContext& context = builder_.getContext();
        llvm::Type* element = element_type(context, i.kind);
        std::vector<llvm::Constant*> numbers;
        for (const double value : program_.table_values(i.payload)) {
            numbers.push_back(llvm::ConstantFP::get(element, value));
        }
        auto* type = llvm::ArrayType::get(element, numbers.size());
        llvm::Module* module = builder_.GetInsertBlock()->getModule();
        auto* array =
            new llvm::GlobalVariable(*module, type, true, llvm::GlobalValue::PrivateLinkage,
                                     llvm::ConstantArray::get(type, numbers));
        array->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
        Value* places = builder_.CreateGEP(element, array, operand(i, 0));
        const llvm::Align align(element->getPrimitiveSizeInBits() / 8);
        return lanes_ == 1 ? static_cast<Value*>(builder_.CreateAlignedLoad(element, places, align))
                           : builder_.CreateMaskedGather(type_of(i), places, align);
    }

    llvm::IRBuilder<>& builder_;
    const ScalarProgram& program_;
    std::span<Value* const> inputs_;
    unsigned lanes_;
    std::vector<Value*> values_;
};

}  // namespace

llvm::Type* lane_type(llvm::LLVMContext& context, ScalarKind kind, unsigned lanes) {
    llvm::Type* element = element_type(context, kind);
    return lanes == 1 ? element : llvm::FixedVectorType::get(element, lanes);
}

std::vector<llvm::Value*> emit_scalar(llvm::IRBuilder<>& builder, const ScalarProgram& program,
                                      std::span<llvm::Value* const> inputs, unsigned lanes) {
    return Emitter(builder, program, inputs, lanes).run();
}

}  // namespace chainrule
