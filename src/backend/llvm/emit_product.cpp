#include "backend/llvm/emit_product.h"

#include <llvm/IR/Intrinsics.h>

#include <algorithm>
#include <array>
#include <vector>

#include "backend/llvm/emit_scalar.h"
#include "backend/llvm/kernel_function.h"
#include "backend/llvm/loops.h"

namespace chainrule {
namespace {

using llvm::Value;

// Vectors side by side in a panel.
constexpr unsigned panel_vectors = 2;
// A panel takes half of a usual first cache.
constexpr std::int64_t panel_bytes = 16384;

// Rows of a block: its sums and what they are made of fit the registers, of which there are 32 of
// the widest vectors and 16 of others.
std::int64_t block_rows(unsigned vector_bytes) { return vector_bytes == 64 ? 8 : 4; }

class ProductEmitter {
public:
    ProductEmitter(ModuleBuilder& made, const ProductPlan& product, ScalarKind real,
                   const std::string& name, unsigned vector_bytes)
        : product_(product),
          function_(made, name),
          builder_(function_.builder),
          element_(lane_type(*made.context, real, 1)),
          lanes_(vector_bytes / (real == ScalarKind::f32 ? 4 : 8)),
          vector_(llvm::FixedVectorType::get(element_, lanes_)),
          align_(element_->getPrimitiveSizeInBits() / 8),
          rows_(block_rows(vector_bytes)),
          depth_(panel_bytes / (panel_vectors * vector_bytes)) {}

    void run() {
        a_ = base(product_.a);
        b_ = base(product_.b);
        c_ = base(product_.c);
        const bool of_batch = product_.k == Extent::batch;
        Value* const inner = of_batch ? function_.batch() : number(product_.k);
        if (!of_batch && product_.k <= depth_) {
            depth_begin_ = number(0);
            depth_size_ = inner;
            panels();
        } else {
            emit_loop(builder_, number(0), inner, depth_, [&](Value* begin) {
                depth_begin_ = begin;
                depth_size_ = least(number(depth_), builder_.CreateSub(inner, begin));
                panels();
            });
        }
        builder_.CreateRetVoid();
    }

private:
    // Columns of the result, the first of which may be known only as the code runs.
    struct Columns {
        Value* first;
        std::int64_t count;
    };
    // Where the block's right matrix is: rows of vectors.
    struct Panel {
        Value* base;
        std::int64_t stride;
        bool is_copy;  // and so complete where columns end
    };

    Value* number(std::int64_t i) { return builder_.getInt64(static_cast<std::uint64_t>(i)); }
    Value* least(Value* x, Value* y) {
        return builder_.CreateBinaryIntrinsic(llvm::Intrinsic::smin, x, y);
    }
    Value* base(const Access& access) {
        return builder_.CreateInBoundsGEP(element_, function_.buffer(access.buffer),
                                          number(access.offset));
    }

    // base + the sum of index * stride.
    Value* at(Value* base, std::initializer_list<std::pair<Value*, std::int64_t>> steps) {
        for (const auto& [index, stride] : steps) {
            Value* const step = builder_.CreateMul(index, number(stride), "", true, true);
            base = builder_.CreateInBoundsGEP(element_, base, step);
        }
        return base;
    }

    void panels() {
        const std::int64_t width = panel_vectors * lanes_;
        const std::int64_t full = product_.n / width * width;
        if (full > 0) {
            emit_loop(builder_, number(0), number(full), width,
                      [&](Value* first) { panel({first, width}); });
        }
        if (full < product_.n) {
            panel({number(full), product_.n - full});
        }
    }

    void panel(const Columns& columns) {
        const std::int64_t k_stride = product_.b.strides[0];
        const std::int64_t n_stride = product_.b.strides[1];
        Panel panel{.base = at(b_, {{depth_begin_, k_stride}, {columns.first, n_stride}}),
                    .stride = k_stride,
                    .is_copy = n_stride != 1};
        if (panel.is_copy) {
            panel.base = copied(panel.base, columns);
            panel.stride = panel_vectors * lanes_;
        }
        Value* first = function_.first();
        for (const std::int64_t rows : {rows_, std::int64_t{1}}) {
            Value* const left = builder_.CreateSub(function_.last(), first);
            Value* const end =
                builder_.CreateAdd(first, builder_.CreateAnd(left, number(-rows)), "", true, true);
            emit_loop(builder_, first, end, rows,
                      [&](Value* row) { block(row, rows, columns, panel); });
            first = end;
        }
    }

    // --- the panel's copy ---

    Value* copied(Value* from, const Columns& columns) {
        llvm::AllocaInst* const panel = panel_memory();
        const bool is_across = product_.b.strides[0] == 1;
        const auto copy_vector = [&](Value* column, std::int64_t count) {
            Value* const place = at(from, {{column, product_.b.strides[1]}});
            Value* const to = at(panel, {{column, 1}});
            emit_loop(builder_, number(0), depth_size_, is_across ? lanes_ : 1, [&](Value* k) {
                is_across ? copy_transposed(place, k, count, to)
                          : copy_gathered(place, k, count, to);
            });
        };
        const std::int64_t full = columns.count / lanes_ * lanes_;
        if (full > 0) {
            emit_loop(builder_, number(0), number(full), lanes_,
                      [&](Value* column) { copy_vector(column, lanes_); });
        }
        if (full < columns.count) {
            copy_vector(number(full), columns.count - full);
        }
        return panel;
    }

    llvm::AllocaInst* panel_memory() {
        if (panel_memory_ == nullptr) {
            auto* const type = llvm::ArrayType::get(vector_, panel_vectors * depth_);
            panel_memory_ = emit_variable(builder_, type);
            panel_memory_->setAlignment(llvm::Align(64));
        }
        return panel_memory_;
    }

    void store_to_panel(Value* vector, Value* panel, Value* k) {
        builder_.CreateAlignedStore(vector, at(panel, {{k, panel_vectors * lanes_}}), align_);
    }

    // A square of as many inner indices as lanes, read along them and written across.
    void copy_transposed(Value* from, Value* k, std::int64_t columns, Value* panel) {
        auto* const mask_type = llvm::FixedVectorType::get(builder_.getInt1Ty(), lanes_);
        Value* const mask =
            builder_.CreateIntrinsic(llvm::Intrinsic::get_active_lane_mask,
                                     {mask_type, builder_.getInt64Ty()}, {k, depth_size_});
        llvm::Constant* const zero = llvm::Constant::getNullValue(vector_);
        std::vector<Value*> square(lanes_, zero);
        for (std::int64_t i = 0; i < columns; ++i) {
            Value* const place = at(from, {{k, 1}, {number(i), product_.b.strides[1]}});
            square[static_cast<std::size_t>(i)] =
                builder_.CreateMaskedLoad(vector_, place, align_, mask, zero);
        }
        transpose(square);
        for (unsigned i = 0; i < lanes_; ++i) {
            store_to_panel(square[i], panel, builder_.CreateAdd(k, number(i)));
        }
    }

    // Each round puts row i and row i + lanes / 2 together, lane by lane.
    void transpose(std::vector<Value*>& rows) {
        const auto half = static_cast<int>(lanes_ / 2);
        const auto interleaved = [&](int first) {
            std::vector<int> lanes;
            for (int i = first; i < first + half; ++i) {
                lanes.push_back(i);
                lanes.push_back(i + static_cast<int>(lanes_));
            }
            return lanes;
        };
        for (unsigned round = 1; round < lanes_; round *= 2) {
            std::vector<Value*> next;
            for (unsigned i = 0; i < lanes_ / 2; ++i) {
                for (const int first : {0, half}) {
                    next.push_back(builder_.CreateShuffleVector(rows[i], rows[i + lanes_ / 2],
                                                                interleaved(first)));
                }
            }
            rows = std::move(next);
        }
    }

    void copy_gathered(Value* from, Value* k, std::int64_t columns, Value* panel) {
        std::vector<llvm::Constant*> steps;
        for (std::int64_t lane = 0; lane < lanes_; ++lane) {
            const std::int64_t column = std::min(lane, columns - 1);
            steps.push_back(
                builder_.getInt64(static_cast<std::uint64_t>(column * product_.b.strides[1])));
        }
        Value* const row = at(from, {{k, product_.b.strides[0]}});
        Value* const places = builder_.CreateGEP(element_, row, llvm::ConstantVector::get(steps));
        store_to_panel(builder_.CreateMaskedGather(vector_, places, align_), panel, k);
    }

    // --- a block of rows ---

    struct Block {
        Value* row;
        std::int64_t rows;
        Columns columns;
        unsigned vectors;
        std::vector<llvm::AllocaInst*> sums;  // row by row

        llvm::AllocaInst* sum(std::int64_t row, unsigned vector) const {
            return sums[static_cast<std::size_t>(row) * vectors + vector];
        }
    };

    void block(Value* row, std::int64_t rows, const Columns& columns, const Panel& panel) {
        const auto vectors = static_cast<unsigned>((columns.count + lanes_ - 1) / lanes_);
        Block block{row, rows, columns, vectors, {}};
        for (std::int64_t i = 0; i < rows * vectors; ++i) {
            block.sums.push_back(emit_variable(builder_, vector_));
        }
        for_each_vector(block, [&](std::int64_t i, unsigned v) {
            builder_.CreateStore(start_of_sum(block, i, v), block.sum(i, v));
        });
        emit_loop(builder_, number(0), depth_size_, 1,
                  [&](Value* k) { add_products(block, panel, k); });
        for_each_vector(block, [&](std::int64_t i, unsigned v) {
            store_result(block, i, v, builder_.CreateLoad(vector_, block.sum(i, v)));
        });
    }

    template <class F>
    static void for_each_vector(const Block& block, const F& f) {
        for (std::int64_t i = 0; i < block.rows; ++i) {
            for (unsigned v = 0; v < block.vectors; ++v) {
                f(i, v);
            }
        }
    }

    void add_products(const Block& block, const Panel& panel, Value* k) {
        std::vector<Value*> right;
        for (unsigned v = 0; v < block.vectors; ++v) {
            Value* const place = at(panel.base, {{k, panel.stride}, {number(v * lanes_), 1}});
            Value* const mask = panel.is_copy ? nullptr : mask_of(block.columns, v);
            right.push_back(load(place, mask));
        }
        Value* const column = builder_.CreateAdd(depth_begin_, k, "", true, true);
        for (std::int64_t i = 0; i < block.rows; ++i) {
            Value* const place = at(a_, {{block.row, product_.a.strides[0]},
                                         {column, product_.a.strides[1]},
                                         {number(i), product_.a.strides[0]}});
            Value* const left =
                builder_.CreateVectorSplat(lanes_, builder_.CreateLoad(element_, place));
            for (unsigned v = 0; v < block.vectors; ++v) {
                llvm::AllocaInst* const sum = block.sum(i, v);
                Value* const so_far = builder_.CreateLoad(vector_, sum);
                builder_.CreateStore(builder_.CreateIntrinsic(llvm::Intrinsic::fma, {vector_},
                                                              {left, right[v], so_far}),
                                     sum);
            }
        }
    }

    // All true is null.
    Value* mask_of(const Columns& columns, unsigned vector) {
        const std::int64_t left = columns.count - static_cast<std::int64_t>(vector) * lanes_;
        if (left >= lanes_) {
            return nullptr;
        }
        std::vector<llvm::Constant*> lanes;
        for (unsigned i = 0; i < lanes_; ++i) {
            lanes.push_back(builder_.getInt1(i < left));
        }
        return llvm::ConstantVector::get(lanes);
    }

    Value* load(Value* place, Value* mask) {
        return mask == nullptr
                   ? static_cast<Value*>(builder_.CreateAlignedLoad(vector_, place, align_))
                   : builder_.CreateMaskedLoad(vector_, place, align_, mask,
                                               llvm::Constant::getNullValue(vector_));
    }

    Value* result_place(const Block& block, std::int64_t i, unsigned v) {
        const std::int64_t n_stride = product_.c.strides[1];
        return at(c_, {{block.row, product_.c.strides[0]},
                       {number(i), product_.c.strides[0]},
                       {block.columns.first, n_stride},
                       {number(v * lanes_), n_stride}});
    }

    // 0, or what earlier inner indices have given.
    Value* start_of_sum(const Block& block, std::int64_t i, unsigned v) {
        llvm::Constant* const zero = llvm::Constant::getNullValue(vector_);
        if (depth_begin_ == number(0)) {
            return zero;
        }
        Value* const goes_on = builder_.CreateICmpNE(depth_begin_, number(0));
        Value* mask = builder_.CreateVectorSplat(lanes_, goes_on);
        if (Value* const columns = mask_of(block.columns, v)) {
            mask = builder_.CreateAnd(mask, columns);
        }
        Value* const place = result_place(block, i, v);
        return builder_.CreateMaskedLoad(vector_, place, align_, mask, zero);
    }

    void store_result(const Block& block, std::int64_t i, unsigned v, Value* sum) {
        Value* const place = result_place(block, i, v);
        if (Value* const mask = mask_of(block.columns, v)) {
            builder_.CreateMaskedStore(sum, place, align_, mask);
        } else {
            builder_.CreateAlignedStore(sum, place, align_);
        }
    }

    const ProductPlan& product_;
    KernelFunction function_;
    llvm::IRBuilder<>& builder_;
    llvm::Type* element_;
    unsigned lanes_;
    llvm::FixedVectorType* vector_;
    llvm::Align align_;
    std::int64_t rows_;   // of a block
    std::int64_t depth_;  // inner indices that are summed at a time
    Value* a_ = nullptr;
    Value* b_ = nullptr;
    Value* c_ = nullptr;
    Value* depth_begin_ = nullptr;
    Value* depth_size_ = nullptr;
    llvm::AllocaInst* panel_memory_ = nullptr;
};

}  // namespace

void emit_product(ModuleBuilder& made, const ProductPlan& product, ScalarKind real,
                  const std::string& name, unsigned vector_bytes) {
    ProductEmitter(made, product, real, name, vector_bytes).run();
}

}  // namespace chainrule
