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
        if (!nest.axes.empty()) {
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

    void clear_sums() {
        for (std::size_t axis = 0; axis + 1 < nest_.axes.size(); ++axis) {
            kept_.push_back(axis);
        }
        loops(kept_, 0, [&] {
            vector_loop([&](Value*) {
                for (const StorePlan& store : nest_.stores) {
                    if (store.accumulate) {
                        this->store(store.access, llvm::Constant::getNullValue(vector_type()));
                    }
                }
            });
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
        std::vector<Value*> inputs;
        for (const Access& access : nest_.loads) {
            inputs.push_back(load(access));
        }
        const std::vector<Value*> values = emit_scalar(builder_, nest_.program, inputs, lanes_);
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
        if (stride == 0 || lanes_ == 1) {
            Value* const one =
                as_real(builder_, builder_.CreateLoad(element, place), element_type(), format);
            return lanes_ == 1 ? one : builder_.CreateVectorSplat(lanes_, one);
        }
        auto* const type = llvm::FixedVectorType::get(element, lanes_);
        return as_real(builder_, load_vector(type, place, stride), vector_type(), format);
    }

    Value* load_vector(llvm::FixedVectorType* type, Value* place, std::int64_t stride) {
        const llvm::Align align(type->getScalarSizeInBits() / 8);
        if (stride != 1) {
            return builder_.CreateMaskedGather(type, places(type->getElementType(), place, stride),
                                               align, mask_);
        }
        return mask_ == nullptr
                   ? static_cast<Value*>(builder_.CreateAlignedLoad(type, place, align))
                   : builder_.CreateMaskedLoad(type, place, align, mask_,
                                               llvm::Constant::getNullValue(type));
    }

    Value* places(llvm::Type* element, Value* first, std::int64_t stride) {
        std::vector<llvm::Constant*> steps;
        for (unsigned lane = 0; lane < lanes_; ++lane) {
            steps.push_back(builder_.getInt64(static_cast<std::uint64_t>(stride * lane)));
        }
        return builder_.CreateGEP(element, first, llvm::ConstantVector::get(steps));
    }

    void store(const Access& access, Value* value) {
        Value* const place = address(access, element_type());
        const std::int64_t stride = vector_stride(access);
        const llvm::Align align(element_type()->getPrimitiveSizeInBits() / 8);
        if (lanes_ == 1) {
            builder_.CreateStore(value, place);
        } else if (stride != 1) {
            builder_.CreateMaskedScatter(value, places(element_type(), place, stride), align,
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
    std::vector<Value*> index_;  // by axis
    std::vector<std::size_t> kept_;
    std::vector<std::size_t> reduced_;
    unsigned lanes_ = 1;
    Value* mask_ = nullptr;  // of the last vector
};

}  // namespace

void emit_nest(llvm::IRBuilder<>& builder, const RowContext& context, const LoopNest& nest) {
    NestEmitter(builder, context, nest).run();
}

void emit_cleared_sums(llvm::IRBuilder<>& builder, const RowContext& context,
                       const LoopNest& nest) {
    NestEmitter(builder, context, nest).clear_sums();
}

}  // namespace chainrule
