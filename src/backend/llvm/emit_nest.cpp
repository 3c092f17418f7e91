#include "backend/llvm/emit_nest.h"

#include <llvm/IR/Intrinsics.h>

#include <algorithm>
#include <bit>

#include "backend/llvm/emit_scalar.h"
#include "backend/llvm/formats.h"
#include "backend/llvm/loops.h"

namespace chainrule {
namespace {

using llvm::Value;

class NestEmitter {
public:
    NestEmitter(llvm::IRBuilder<>& builder, const RowContext& context, const LoopNest& nest)
        : builder_(builder), c_(context), nest_(nest), index_(nest.axes.size(), nullptr) {
        const std::int64_t most = c_.vector_bytes / (real() == ScalarKind::f32 ? 4 : 8);
        if (!nest.axes.empty() && !lanes_may_meet()) {
            const std::int64_t extent = nest.axes.back().extent;
            const bool fits = extent >= 0 && extent < most;
            lanes_ = static_cast<unsigned>(
                fits ? std::bit_ceil(static_cast<std::uint64_t>(std::max<std::int64_t>(extent, 1)))
                     : static_cast<std::uint64_t>(most));
        }
    }

    void run() {
        for (std::size_t axis = 0; axis + 1 < nest_.axes.size(); ++axis) {
            (nest_.axes[axis].reduced ? reduced_ : kept_).push_back(axis);
        }
        loops(kept_, 0, [&] {
            vectors_are_reduced() ? fold_groups() : vector_loop([&](Value*) { fold_groups(); });
        });
    }

private:
    using Body = std::function<void()>;

    ScalarKind real() const { return c_.plan.real; }
    llvm::Type* vector_type() { return lane_type(builder_.getContext(), real(), lanes_); }
    llvm::Type* element_type() { return lane_type(builder_.getContext(), real(), 1); }
    bool vectors_are_reduced() const { return !nest_.axes.empty() && nest_.axes.back().reduced; }

    void loops(const std::vector<std::size_t>& axes, std::size_t depth, const Body& body) {
        if (depth == axes.size()) {
            body();
            return;
        }
        const std::size_t axis = axes[depth];
        const auto inside = [&](Value* i) {
            index_[axis] = i;
            loops(axes, depth + 1, body);
        };
        if (nest_.axes[axis].extent == Extent::batch) {
            emit_loop(builder_, builder_.getInt64(0), c_.batch, 1, inside);
        } else {
            emit_loop(builder_, nest_.axes[axis].extent, 1, inside);
        }
    }

    // Whether lanes of one vector may add to one place.
    bool lanes_may_meet() const {
        return std::ranges::any_of(nest_.stores, [&](const StorePlan& store) {
            const std::size_t last = nest_.axes.size() - 1;
            return store.accumulate &&
                   (store.access.strides[last] == 0 || jumps_along(nest_, store.access, last));
        });
    }

    // The last axis in vectors: full ones, then a masked one for the rest.
    void vector_loop(const IndexBody& body) {
        mask_ = nullptr;
        if (nest_.axes.empty()) {
            body(nullptr);
            return;
        }
        const std::int64_t extent = nest_.axes.back().extent;
        const auto at = [&](Value* i) {
            index_.back() = i;
            body(i);
        };
        if (extent == Extent::batch) {
            emit_loop(builder_, builder_.getInt64(0), c_.batch, lanes_, [&](Value* i) {
                mask_ = mask_below(i, c_.batch);
                at(i);
            });
        } else {
            const std::int64_t full = extent / lanes_ * lanes_;
            emit_loop(builder_, full, lanes_, at);
            if (full < extent) {
                Value* const first = builder_.getInt64(static_cast<std::uint64_t>(full));
                mask_ = mask_below(first, builder_.getInt64(static_cast<std::uint64_t>(extent)));
                at(first);
            }
        }
        mask_ = nullptr;
    }

    Value* mask_below(Value* first, Value* last) {
        if (lanes_ == 1) {
            return nullptr;
        }
        auto* type = llvm::FixedVectorType::get(builder_.getInt1Ty(), lanes_);
        return builder_.CreateIntrinsic(llvm::Intrinsic::get_active_lane_mask,
                                        {type, builder_.getInt64Ty()}, {first, last});
    }

    // Everything below the kept loops: the sums' starting values, the reduced loops, the sums'
    // stores.
    void fold_groups() {
        std::vector<llvm::AllocaInst*> sums;
        for (const StorePlan& store : nest_.stores) {
            sums.push_back(store.fold ? emit_variable(builder_, vector_type()) : nullptr);
            if (store.fold) {
                builder_.CreateStore(splat_number(store.fold->initial), sums.back());
            }
        }
        loops(reduced_, 0, [&] {
            if (vectors_are_reduced()) {
                vector_loop([&](Value*) { body(sums); });
            } else {
                body(sums);
            }
        });
        for (std::size_t i = 0; i < sums.size(); ++i) {
            if (sums[i] != nullptr) {
                Value* total = builder_.CreateLoad(vector_type(), sums[i]);
                if (vectors_are_reduced()) {
                    store_element(nest_.stores[i].access,
                                  across_lanes(*nest_.stores[i].fold, total));
                } else {
                    store(nest_.stores[i].access, total);
                }
            }
        }
    }

    void body(const std::vector<llvm::AllocaInst*>& sums) {
        inputs_.clear();
        for (const Access& access : nest_.loads) {
            inputs_.push_back(load(access));
        }
        const std::vector<Value*> values = emit_scalar(builder_, nest_.program, inputs_, lanes_);
        for (std::size_t i = 0; i < sums.size(); ++i) {
            const StorePlan& store = nest_.stores[i];
            Value* const value = values[store.output];
            if (store.fold) {
                Value* const so_far = builder_.CreateLoad(vector_type(), sums[i]);
                Value* const next = combined(*store.fold, so_far, value, lanes_);
                const bool partly = mask_ != nullptr && vectors_are_reduced();
                builder_.CreateStore(partly ? builder_.CreateSelect(mask_, next, so_far) : next,
                                     sums[i]);
            } else if (store.accumulate) {
                Value* const so_far = load(store.access);
                this->store(store.access, builder_.CreateFAdd(so_far, value));
            } else {
                this->store(store.access, value);
            }
        }
    }

    Value* combined(const FoldPlan& fold, Value* a, Value* b, unsigned lanes) {
        return emit_scalar(builder_, fold.combine, std::array{a, b}, lanes)[0];
    }

    // Halves combined until one lane is left.
    Value* across_lanes(const FoldPlan& fold, Value* vector) {
        for (unsigned lanes = lanes_ / 2; lanes > 0; lanes /= 2) {
            std::vector<int> low;
            std::vector<int> high;
            for (unsigned i = 0; i < lanes; ++i) {
                low.push_back(static_cast<int>(i));
                high.push_back(static_cast<int>(i + lanes));
            }
            Value* const a = lanes == 1 ? builder_.CreateExtractElement(vector, std::uint64_t{0})
                                        : builder_.CreateShuffleVector(vector, low);
            Value* const b = lanes == 1 ? builder_.CreateExtractElement(vector, std::uint64_t{1})
                                        : builder_.CreateShuffleVector(vector, high);
            vector = combined(fold, a, b, lanes);
        }
        return vector;
    }

    Value* splat_number(double number) {
        llvm::Constant* element = llvm::ConstantFP::get(element_type(), number);
        return lanes_ == 1
                   ? element
                   : llvm::ConstantVector::getSplat(llvm::ElementCount::getFixed(lanes_), element);
    }

    // --- memory ---

    std::int64_t vector_stride(const Access& access) const {
        return access.strides.empty() ? 0 : access.strides.back();
    }

    // Whether lanes have places of their own, which data tell.
    bool jumps(const Access& access) const {
        return lanes_ > 1 && jumps_along(nest_, access, nest_.axes.size() - 1);
    }

    Value* address(const Access& access, llvm::Type* element) {
        const Buffer& buffer = c_.plan.buffers[access.buffer];
        Value* place = builder_.getInt64(static_cast<std::uint64_t>(access.offset));
        const auto add = [&](Value* index, std::int64_t stride) {
            if (stride != 0 && index != nullptr) {
                Value* const step = builder_.CreateMul(
                    index, builder_.getInt64(static_cast<std::uint64_t>(stride)), "", true, true);
                place = builder_.CreateAdd(place, step, "", true, true);
            }
        };
        add(buffer.region == Region::data ? c_.data_row : c_.row, access.row_stride);
        for (std::size_t axis = 0; axis < access.strides.size(); ++axis) {
            add(index_[axis], access.strides[axis]);
        }
        if (access.pick && !jumps(access)) {
            Value* const index = inputs_[access.pick->load];
            add(place_of(lanes_ == 1 ? index : first_lane(index), *access.pick),
                access.pick->stride);
        }
        return builder_.CreateInBoundsGEP(element, c_.bases[access.buffer], place);
    }

    ElementFormat format_of(const Access& access) const {
        const Buffer& buffer = c_.plan.buffers[access.buffer];
        return buffer.region == Region::data ? c_.plan.leaves[buffer.leaf].format
               : real() == ScalarKind::f32   ? ElementFormat::f32
                                             : ElementFormat::f64;
    }

    // Loaded in its own format and turned into the plan's reals.
    Value* load(const Access& access) {
        const ElementFormat format = format_of(access);
        llvm::Type* element = format_type(builder_.getContext(), format);
        Value* const place = address(access, element);
        const std::int64_t stride = vector_stride(access);
        if ((stride == 0 && !jumps(access)) || lanes_ == 1) {
            Value* const one =
                as_real(builder_, builder_.CreateLoad(element, place), element_type(), format);
            return lanes_ == 1 ? one : builder_.CreateVectorSplat(lanes_, one);
        }
        auto* const type = llvm::FixedVectorType::get(element, lanes_);
        return as_real(builder_, load_vector(type, place, access), vector_type(), format);
    }

    Value* load_vector(llvm::FixedVectorType* type, Value* place, const Access& access) {
        const llvm::Align align(type->getScalarSizeInBits() / 8);
        if (vector_stride(access) != 1 || jumps(access)) {
            return builder_.CreateMaskedGather(type, places(type->getElementType(), place, access),
                                               align, mask_);
        }
        return mask_ == nullptr
                   ? static_cast<Value*>(builder_.CreateAlignedLoad(type, place, align))
                   : builder_.CreateMaskedLoad(type, place, align, mask_,
                                               llvm::Constant::getNullValue(type));
    }

    Value* places(llvm::Type* element, Value* first, const Access& access) {
        std::vector<llvm::Constant*> steps;
        for (unsigned lane = 0; lane < lanes_; ++lane) {
            steps.push_back(
                builder_.getInt64(static_cast<std::uint64_t>(vector_stride(access) * lane)));
        }
        Value* apart = llvm::ConstantVector::get(steps);
        if (jumps(access)) {
            Value* const place = place_of(inputs_[access.pick->load], *access.pick);
            Value* const stride = builder_.CreateVectorSplat(
                lanes_, builder_.getInt64(static_cast<std::uint64_t>(access.pick->stride)));
            apart = builder_.CreateAdd(apart, builder_.CreateMul(place, stride));
        }
        return builder_.CreateGEP(element, first, apart);
    }

    Value* first_lane(Value* vector) {
        return builder_.CreateExtractElement(vector, std::uint64_t{0});
    }

    // An index, or one for each lane, as a whole number; the kernel ends at one that is no place.
    Value* place_of(Value* index, const Pick& pick) {
        llvm::Type* const type = index->getType();
        Value* const zero = llvm::Constant::getNullValue(type);
        Value* const extent = llvm::ConstantFP::get(type, static_cast<double>(pick.extent));
        Value* const whole = builder_.CreateUnaryIntrinsic(llvm::Intrinsic::floor, index);
        Value* const inside =
            builder_.CreateAnd(builder_.CreateFCmpOEQ(index, whole),
                               builder_.CreateAnd(builder_.CreateFCmpOGE(index, zero),
                                                  builder_.CreateFCmpOLT(index, extent)));
        leave_where(builder_.CreateNot(inside), index, pick);
        llvm::Type* const place = builder_.getInt64Ty();
        return builder_.CreateFPToSI(
            index, type->isVectorTy() ? llvm::FixedVectorType::get(place, lanes_) : place);
    }

    void leave_where(Value* stray, Value* index, const Pick& pick) {
        llvm::LLVMContext& context = builder_.getContext();
        llvm::Function* const function = builder_.GetInsertBlock()->getParent();
        auto* const outside = llvm::BasicBlock::Create(context, "outside", function);
        auto* const inside = llvm::BasicBlock::Create(context, "inside", function);
        if (stray->getType()->isVectorTy()) {
            // Lanes behind the end hold anything.
            Value* const none = llvm::Constant::getNullValue(stray->getType());
            stray = mask_ == nullptr ? stray : builder_.CreateSelect(mask_, stray, none);
            builder_.CreateCondBr(builder_.CreateOrReduce(stray), outside, inside);
            builder_.SetInsertPoint(outside);
            Value* const bits = builder_.CreateBitCast(stray, builder_.getIntNTy(lanes_));
            index = builder_.CreateExtractElement(
                index,
                builder_.CreateBinaryIntrinsic(llvm::Intrinsic::cttz, bits, builder_.getTrue()));
        } else {
            builder_.CreateCondBr(stray, outside, inside);
            builder_.SetInsertPoint(outside);
        }
        report(index, pick);
        builder_.CreateBr(c_.leave);
        builder_.SetInsertPoint(inside);
    }

    void report(Value* index, const Pick& pick) {
        auto* const whole = builder_.getInt64Ty();
        auto* const type = llvm::FunctionType::get(
            builder_.getVoidTy(),
            {builder_.getPtrTy(), whole, whole, whole, builder_.getDoubleTy()}, false);
        builder_.CreateCall(type, c_.report,
                            {c_.self, c_.row, builder_.getInt64(pick.node.index),
                             builder_.getInt64(static_cast<std::uint64_t>(pick.extent)),
                             builder_.CreateFPCast(index, builder_.getDoubleTy())});
    }

    void store(const Access& access, Value* value) {
        Value* const place = address(access, element_type());
        const llvm::Align align(element_type()->getPrimitiveSizeInBits() / 8);
        if (lanes_ == 1) {
            builder_.CreateStore(value, place);
        } else if (vector_stride(access) != 1) {
            builder_.CreateMaskedScatter(value, places(element_type(), place, access), align,
                                         mask_);
        } else if (mask_ == nullptr) {
            store_vector(value, place, c_.streamed[access.buffer]);
        } else {
            builder_.CreateMaskedStore(value, place, align, mask_);
        }
    }

    void store_vector(Value* value, Value* place, bool streamed) {
        const std::uint64_t element = element_type()->getPrimitiveSizeInBits() / 8;
        llvm::StoreInst* const store = builder_.CreateAlignedStore(
            value, place, llvm::Align(streamed ? element * lanes_ : element));
        if (streamed) {
            llvm::LLVMContext& context = builder_.getContext();
            auto* const one = llvm::ConstantAsMetadata::get(builder_.getInt32(1));
            store->setMetadata(llvm::LLVMContext::MD_nontemporal, llvm::MDNode::get(context, one));
        }
    }

    void store_element(const Access& access, Value* value) {
        index_.back() = nullptr;
        builder_.CreateStore(value, address(access, element_type()));
    }

    llvm::IRBuilder<>& builder_;
    const RowContext& c_;
    const LoopNest& nest_;
    std::vector<Value*> index_;   // by axis
    std::vector<Value*> inputs_;  // by load
    std::vector<std::size_t> kept_;
    std::vector<std::size_t> reduced_;
    unsigned lanes_ = 1;
    Value* mask_ = nullptr;  // of the last vector
};

}  // namespace

void emit_nest(llvm::IRBuilder<>& builder, const RowContext& context, const LoopNest& nest) {
    NestEmitter(builder, context, nest).run();
}

}  // namespace chainrule
