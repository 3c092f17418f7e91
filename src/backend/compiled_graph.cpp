#include "backend/compiled_graph.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "backend/routine.h"
#include "backend/signal_block.h"
#include "lang/diagnostic.h"
#include "ops/shapes.h"

namespace chainrule {
namespace {

constexpr std::size_t alignment = 64;

struct FreeMemory {
    void operator()(void* memory) const { std::free(memory); }
};
using Memory = std::unique_ptr<void, FreeMemory>;

// Zeros, so that padding never holds what traps or slows.
Memory zeroed(std::size_t bytes) {
    const std::size_t rounded = (bytes + alignment) / alignment * alignment;
    Memory memory(std::aligned_alloc(alignment, rounded));
    if (memory == nullptr) {
        throw std::bad_alloc();
    }
    std::fill_n(static_cast<char*>(memory.get()), rounded, 0);
    return memory;
}

// What one thread does at a time.
struct Tile {
    const Job* job = nullptr;
    std::size_t first_action = 0;  // of the job, in the plan's order of actions
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::int64_t number = 0;
};

using Phases = std::vector<std::vector<Tile>>;

}  // namespace

struct CompiledGraph::Impl {
    Memory arena;
    std::vector<Memory> scratch;  // by thread
    // What is made for each number of examples: its tiles, and the products of each thread.
    std::map<std::int64_t, Phases> phases;
    std::vector<std::map<ProductShape, std::unique_ptr<MatrixProductCode>>> products;
    std::vector<std::size_t> kernel_of;               // by action: its place among the kernels
    std::vector<std::vector<double>> routine_memory;  // by thread

    // Of all that a phase's kernels have found, the one of the first row: whoever finds it first.
    std::optional<StrayIndex> stray;
    std::mutex stray_mutex;
    void found(const StrayIndex& index) {
        const std::lock_guard lock(stray_mutex);
        const auto place = [](const StrayIndex& each) { return std::pair(each.row, each.node); };
        if (!stray || place(index) < place(*stray)) {
            stray = index;
        }
    }
};

namespace {

// f(job, number of its first action, phase).
template <class F>
void for_each_job(const Plan& plan, const F& f) {
    std::size_t action = 0;
    for (std::size_t phase = 0; phase < plan.phases.size(); ++phase) {
        for (const Job& job : plan.phases[phase].jobs) {
            f(job, action, phase);
            action += job.actions.size();
        }
    }
}

Phases tiles_of(const Plan& plan, std::int64_t batch) {
    Phases phases(plan.phases.size());
    for_each_job(plan, [&](const Job& job, std::size_t action, std::size_t phase) {
        const bool of_batch = job.rows == Extent::batch;
        const std::int64_t most = of_batch ? plan.batch : job.rows;
        const std::int64_t rows = of_batch ? batch : job.rows;
        // A smaller batch has as many tiles, some of them empty: their sums are 0.
        for (std::int64_t first = 0, tile = 0; first < most; first += job.tile_rows, ++tile) {
            phases[phase].push_back(
                {&job, action, std::min(first, rows), std::min(first + job.tile_rows, rows), tile});
        }
    });
    return phases;
}

ProductShape shape_of(const ProductPlan& product, const Tile& tile, std::int64_t batch) {
    ProductShape shape{.m = tile.last - tile.first,
                       .n = product.n,
                       .k = product.k == Extent::batch ? batch : product.k};
    std::ranges::copy(product.a.strides, shape.a.begin());
    std::ranges::copy(product.b.strides, shape.b.begin());
    std::ranges::copy(product.c.strides, shape.c.begin());
    return shape;
}

}  // namespace

CompiledGraph::CompiledGraph(Plan plan, ThreadPool& pool, const Options& options)
    : plan_(std::move(plan)),
      pool_(pool),
      kernels_(native_backend().compile_kernels(plan_, options.keep_text)),
      addresses_(plan_.buffers.size(), nullptr),
      impl_(std::make_unique<Impl>()) {
    const std::size_t element = plan_.real == ScalarKind::f32 ? sizeof(float) : sizeof(double);
    const auto bytes = [&](std::int64_t elements) {
        return static_cast<std::size_t>(elements) * element;
    };
    impl_->arena = zeroed(bytes(plan_.arena_size));
    for (std::size_t thread = 0; thread < pool.size(); ++thread) {
        impl_->scratch.push_back(zeroed(bytes(plan_.scratch_size)));
    }
    impl_->products.resize(pool.size());
    memory_bytes_ =
        bytes(plan_.arena_size + plan_.scratch_size * static_cast<std::int64_t>(pool.size()));
    for (std::size_t i = 0; i < plan_.buffers.size(); ++i) {
        const Buffer& buffer = plan_.buffers[i];
        if (buffer.leaf == ~0U && buffer.region != Region::scratch) {
            addresses_[i] = static_cast<char*>(impl_->arena.get()) + bytes(buffer.place);
        }
        if (buffer.constant) {
            const std::vector<double>& numbers = buffer.constant->data;
            if (plan_.real == ScalarKind::f32) {
                std::ranges::transform(numbers, static_cast<float*>(addresses_[i]),
                                       [](double x) { return static_cast<float>(x); });
            } else {
                std::ranges::copy(numbers, static_cast<double*>(addresses_[i]));
            }
        }
    }
    std::size_t kernels = 0;
    std::size_t routine_numbers = 0;
    for_each_job(plan_, [&](const Job& job, std::size_t, std::size_t) {
        for (const Action& action : job.actions) {
            impl_->kernel_of.push_back(kernels);
            kernels += is_emitted(action) ? 1 : 0;
            const auto* const product = std::get_if<ProductPlan>(&action);
            calls_library_ = calls_library_ || (product != nullptr && !product->is_emitted);
            if (const auto* routine = std::get_if<RoutinePlan>(&action)) {
                routine_numbers = std::max(routine_numbers, memory_of(plan_, *routine));
            }
        }
    });
    impl_->routine_memory.assign(pool.size(), std::vector<double>(routine_numbers));
}

CompiledGraph::~CompiledGraph() = default;

void CompiledGraph::bind(std::string_view leaf, void* memory) {
    for (std::size_t i = 0; i < plan_.buffers.size(); ++i) {
        const std::uint32_t index = plan_.buffers[i].leaf;
        if (index != ~0U && plan_.leaves[index].name == leaf) {
            addresses_[i] = memory;
        }
    }
}

void CompiledGraph::bind_rows(std::string_view leaf, const void* memory) {
    bind(leaf, const_cast<void*>(memory));  // data are only read
}

// Whatever a run over so many examples needs: after the first such run nothing is made any more.
void CompiledGraph::prepare(std::int64_t batch) {
    const auto [found, is_new] = impl_->phases.try_emplace(batch);
    if (!is_new) {
        return;
    }
    found->second = tiles_of(plan_, batch);
    for (const std::vector<Tile>& tiles : found->second) {
        for (const Tile& tile : tiles) {
            for (const Action& action : tile.job->actions) {
                const auto* product = std::get_if<ProductPlan>(&action);
                if (product == nullptr || product->is_emitted || tile.first == tile.last) {
                    continue;
                }
                const ProductShape shape = shape_of(*product, tile, batch);
                for (auto& products : impl_->products) {
                    auto& place = products[shape];
                    place =
                        place != nullptr ? std::move(place) : native_backend().make_product(shape);
                }
            }
        }
    }
}

void CompiledGraph::run(std::span<const std::int64_t> rows) {
    const auto batch = static_cast<std::int64_t>(rows.size());
    prepare(batch);
    if (plan_.batch_size != ~0U) {
        void* const place = addresses_[plan_.batch_size];
        if (plan_.real == ScalarKind::f32) {
            *static_cast<float*>(place) = static_cast<float>(batch);
        } else {
            *static_cast<double*>(place) = static_cast<double>(batch);
        }
    }
    std::optional<SignalBlock> block;
    if (calls_library_) {
        block.emplace();
    }
    const Frame frame{
        .buffers = addresses_.data(),
        .order = rows.data(),
        .batch = batch,
        .report = [](void* self, std::int64_t row, std::int64_t node, std::int64_t extent,
                     double index) { static_cast<Impl*>(self)->found({row, node, extent, index}); },
        .self = impl_.get()};
    for (const std::vector<Tile>& tiles : impl_->phases.find(batch)->second) {
        // A task that captures no more than two pointers is kept without an allocation.
        const auto work = [&](std::size_t index, std::size_t thread) {
            const Tile& tile = tiles[index];
            for (std::size_t i = 0; i < tile.job->actions.size(); ++i) {
                run_action(frame, tile.job->actions[i], tile.first_action + i,
                           {tile.first, tile.last, tile.number}, thread);
            }
        };
        pool_.run(tiles.size(),
                  [&work](std::size_t index, std::size_t thread) { work(index, thread); });
        if (impl_->stray) {
            refuse(*std::exchange(impl_->stray, std::nullopt));
        }
    }
}

void CompiledGraph::run_action(const Frame& frame, const Action& action, std::size_t number,
                               const RowRange& range, std::size_t thread) {
    if (is_emitted(action)) {
        kernels_->kernel(impl_->kernel_of[number])(&frame, range.first, range.last, range.tile,
                                                   impl_->scratch[thread].get());
    } else if (const auto* product = std::get_if<ProductPlan>(&action)) {
        if (range.first < range.last) {
            const Tile tile{.first = range.first, .last = range.last};
            run_product(*product, shape_of(*product, tile, frame.batch), range.first, thread);
        }
    } else {
        run_routine(plan_, std::get<RoutinePlan>(action), addresses_, range.first, range.last,
                    impl_->routine_memory[thread]);
    }
}

// In the words of the op.
void CompiledGraph::refuse(const StrayIndex& stray) const {
    const NodeId node{static_cast<std::uint32_t>(stray.node)};
    checked_index((*plan_.graph)[node].op->name, stray.index, stray.extent);
    throw InternalError("a kernel has refused a place that there is");
}

void CompiledGraph::run_product(const ProductPlan& product, const ProductShape& shape,
                                std::int64_t row, std::size_t thread) {
    const auto at = [&](const Access& access) {
        return static_cast<float*>(addresses_[access.buffer]) + row * access.row_stride +
               access.offset;
    };
    impl_->products[thread].find(shape)->second->run(at(product.a), at(product.b), at(product.c));
}

double CompiledGraph::output_number(std::size_t i, std::size_t element) const {
    return plan_.real == ScalarKind::f32
               ? static_cast<double>(static_cast<const float*>(output(i))[element])
               : static_cast<const double*>(output(i))[element];
}

void CompiledGraph::read_output(std::size_t i, std::span<double> numbers) const {
    if (plan_.real == ScalarKind::f32) {
        std::copy_n(static_cast<const float*>(output(i)), numbers.size(), numbers.begin());
    } else {
        std::copy_n(static_cast<const double*>(output(i)), numbers.size(), numbers.begin());
    }
}

}  // namespace chainrule
