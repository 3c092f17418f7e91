// Descent on compiled code: a small network's whole loop is one native function, a larger one's
// step is a plan.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "backend/compiled_graph.h"
#include "compile/compile.h"
#include "compile/tensor_program.h"
#include "train/descent.h"
#include "train/leaf_memory.h"
#include "train/step_graph.h"

namespace chainrule {
namespace {

// What both kinds share: the weights, the states, the step size and the data, and where they are.
class CompiledDescent : public Descent {
public:
    CompiledDescent(const TrainSetup& setup, const Dataset& data, const StepGraph& step)
        : memory_(setup.network, setup.options.dtype, &step) {
        for (const OptimizerState& state : step.states) {
            state_names_.push_back(state.name);
        }
        CompiledDescent::set_rate(setup.options.rate);
        const auto place = [&](const std::string& leaf, const void* at) {
            places_[leaf] = const_cast<void*>(at);  // data are only read
        };
        memory_.bind(place);
        bind_data(setup.network, data, place);
        const bool single = setup.options.dtype == DType::f32;
        place(rate_leaf, single ? static_cast<const void*>(&single_rate_) : &rate_);
    }

    void set_weights(std::span<const Tensor> weights) final { memory_.set_weights(weights); }
    void read_weights(std::vector<Tensor>& weights) const final { memory_.read_weights(weights); }
    std::vector<std::string> state_names() const final { return state_names_; }
    void set_states(std::span<const Tensor> states) final { memory_.set_states(states); }
    void read_states(std::vector<Tensor>& states) const final { memory_.read_states(states); }
    void set_rate(double rate) final {
        rate_ = rate;
        single_rate_ = static_cast<float>(rate);
    }
    bool is_finite() const final { return memory_.is_finite(); }

    void run(std::span<const std::size_t> order, std::size_t batch) final {
        run_rows(as_compiled_rows(order), batch);
    }

protected:
    virtual void run_rows(std::span<const std::int64_t> rows, std::size_t batch) = 0;

    std::map<std::string, void*> places_;  // of the leaves

private:
    LeafMemory memory_;
    std::vector<std::string> state_names_;
    double rate_ = 0;
    float single_rate_ = 0;
};

CompileOptions compile_options(const TrainSetup& setup, const Dataset& data, const StepGraph& step,
                               std::size_t batch) {
    return {.real = real_of(setup.options.dtype),
            .batch = static_cast<std::int64_t>(batch),
            .updates = step.updates,
            .formats = formats_of(setup.network, data)};
}

class PlanDescent final : public CompiledDescent {
public:
    PlanDescent(const TrainSetup& setup, const Dataset& data, const StepGraph& step, Plan plan)
        : CompiledDescent(setup, data, step), step_(std::move(plan), setup.pool) {
        for (const auto& [leaf, place] : places_) {
            step_.bind(leaf, place);
        }
    }

    std::string description() const override {
        std::size_t kernels = 0;
        std::size_t products = 0;
        for (const Phase& phase : step_.plan().phases) {
            for (const Job& job : phase.jobs) {
                for (const Action& action : job.actions) {
                    kernels += std::holds_alternative<Kernel>(action) ? 1 : 0;
                    products += std::holds_alternative<ProductPlan>(action) ? 1 : 0;
                }
            }
        }
        return fmt::format("{} phases, {} kernels, {} matrix products, {:.1f} MB",
                           step_.plan().phases.size(), kernels, products,
                           static_cast<double>(step_.memory_bytes()) / 1e6);
    }

private:
    void run_rows(std::span<const std::int64_t> rows, std::size_t batch) override {
        for (std::size_t first = 0; first < rows.size(); first += batch) {
            step_.run(rows.subspan(first, std::min(batch, rows.size() - first)));
        }
    }

    CompiledGraph step_;
};

class LoopDescent final : public CompiledDescent {
public:
    LoopDescent(const TrainSetup& setup, const Dataset& data, StepGraph step,
                CompileOptions options, const TensorProgram& program)
        : CompiledDescent(setup, data, step), step_(std::move(step)), options_(std::move(options)) {
        add(program);
    }

    std::string description() const override {
        return "one function for the whole loop, its weights in registers as far as they fit";
    }

private:
    struct Loop {
        std::unique_ptr<StepLoop> code;
        std::vector<void*> leaves;
    };

    void add(const TensorProgram& program) {
        Loop& loop = loops_[static_cast<std::size_t>(program.batch)];
        loop.code = native_backend().compile_loop(program, false);
        for (const LeafPlan& leaf : program.leaves) {
            loop.leaves.push_back(places_.at(leaf.name));
        }
    }

    // Code is for one size of batches; an epoch's last one may have another.
    const Loop& loop_for(std::size_t batch) {
        if (!loops_.contains(batch)) {
            options_.batch = static_cast<std::int64_t>(batch);
            add(make_tensor_program(step_.graph, options_).value());
        }
        return loops_.at(batch);
    }

    void run_rows(std::span<const std::int64_t> rows, std::size_t batch) override {
        const std::size_t full = rows.size() / batch;
        const std::size_t rest = rows.size() % batch;
        if (full > 0) {
            run_steps(loop_for(batch), rows, full);
        }
        if (rest > 0) {
            run_steps(loop_for(rest), rows.last(rest), 1);
        }
    }

    static void run_steps(const Loop& loop, std::span<const std::int64_t> rows, std::size_t steps) {
        loop.code->run(loop.leaves.data(), rows.data(), static_cast<std::int64_t>(steps));
    }

    StepGraph step_;
    CompileOptions options_;
    std::map<std::size_t, Loop> loops_;
};

}  // namespace

std::unique_ptr<Descent> make_compiled_descent(const TrainSetup& setup, const Dataset& data) {
    StepGraph step = make_step_graph(setup.network, setup.objective, setup.options);
    const std::size_t batch = std::min(static_cast<std::size_t>(setup.options.batch), data.rows);
    CompileOptions options = compile_options(setup, data, step, batch);
    if (const auto program = make_tensor_program(step.graph, options)) {
        return std::make_unique<LoopDescent>(setup, data, std::move(step), std::move(options),
                                             *program);
    }
    return std::make_unique<PlanDescent>(setup, data, step, make_plan(step.graph, options));
}

}  // namespace chainrule
