// A plan made executable: its kernels compiled, its products created, its arena allocated. After
// that nothing is allocated.
//
//     ThreadPool pool(2);
//     CompiledGraph step(plan, pool);
//     step.bind_rows("x", pixels.data());   // of a leaf per example, in its format
//     step.bind("W1", w1.data());           // a shared leaf, in the plan's reals; updated in place
//     step.run(rows);                       // the data rows of one batch
//     step.output(0)
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "backend/native.h"
#include "backend/thread_pool.h"
#include "compile/plan.h"

namespace chainrule {

class CompiledGraph {
public:
    struct Options {
        bool keep_text = false;  // of the generated code
    };
    // The pool must outlive the compiled graph.
    CompiledGraph(Plan plan, ThreadPool& pool, const Options& options);
    CompiledGraph(Plan plan, ThreadPool& pool) : CompiledGraph(std::move(plan), pool, Options{}) {}
    ~CompiledGraph();
    CompiledGraph(const CompiledGraph&) = delete;
    CompiledGraph& operator=(const CompiledGraph&) = delete;

    const Plan& plan() const { return plan_; }
    const KernelSet& kernels() const { return *kernels_; }
    // Of the arena and the threads' scratch memory.
    std::size_t memory_bytes() const { return memory_bytes_; }

    // Where a leaf's numbers are; a name that the plan does not need is passed over.
    void bind(std::string_view leaf, void* memory);
    void bind_rows(std::string_view leaf, const void* memory);

    // One run over the examples whose data are in `rows`; at most plan().batch, at least one.
    // Throws UserError for an index that is no place on its axis; states keep what earlier phases
    // have stored.
    void run(std::span<const std::int64_t> rows);

    // The numbers of output `i` of the plan, of the last run: of one example after the other where
    // it is per example.
    const void* output(std::size_t i) const { return addresses_[plan_.outputs[i]]; }
    double output_number(std::size_t i, std::size_t element = 0) const;
    void read_output(std::size_t i, std::span<double> numbers) const;  // the first ones

private:
    struct Impl;
    struct RowRange {
        std::int64_t first;
        std::int64_t last;
        std::int64_t tile;
    };

    void prepare(std::int64_t batch);
    void run_action(const Frame& frame, const Action& action, std::size_t number,
                    const RowRange& range, std::size_t thread);
    [[noreturn]] void refuse(const StrayIndex& stray) const;
    void run_product(const ProductPlan& product, const ProductShape& shape, std::int64_t row,
                     std::size_t thread);

    Plan plan_;
    ThreadPool& pool_;
    std::unique_ptr<KernelSet> kernels_;
    std::size_t memory_bytes_ = 0;
    bool calls_library_ = false;    // for matrix products
    std::vector<void*> addresses_;  // by buffer
    std::unique_ptr<Impl> impl_;
};

}  // namespace chainrule
