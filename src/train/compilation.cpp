#include "train/compilation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "backend/native.h"
#include "compile/compile.h"
#include "compile/tensor_program.h"
#include "ir/graph_text.h"
#include "train/check_passes.h"
#include "train/leaf_memory.h"
#include "train/step_graph.h"

namespace chainrule {
namespace {

// From graph to plan; a loop has nothing in memory to plan.
constexpr std::array<std::string_view, 2> lowering_stages{"fuse", "plan_memory"};

bool is_lowering(std::string_view stage) {
    return std::ranges::find(lowering_stages, stage) != lowering_stages.end();
}

class StepCompiler {
    template <class Work>
    auto timed(const std::string& name, const Work& work) {
        const auto start = std::chrono::steady_clock::now();
        auto result = work();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        result_.stages.push_back({name, true, took.count()});
        return result;
    }

public:
    StepCompiler(const Network& network, const CompilationRequest& request)
        : network_(network), request_(request) {}

    Compilation run() {
        const StepGraph step =
            timed("step", [&] { return network_.objective.valid() ? training() : forward(); });
        now_ = step.graph;
        if (request_.after == "step") {
            return graph_text();
        }
        const CompileOptions options{
            .real = real_of(request_.dtype), .batch = request_.batch, .updates = step.updates};
        PipelineOptions pipeline;
        const bool to_the_end = request_.after.empty() || is_lowering(request_.after);
        pipeline.last = to_the_end ? "" : request_.after;
        pipeline.after = [&](const Pass& pass, const Graph& after, bool changed, double seconds) {
            result_.stages.push_back({std::string(pass.name), changed, seconds});
            if (request_.check_each) {
                check_same_values(now_, after, std::string(pass.name));
            }
            now_ = after;
        };
        if (!to_the_end) {
            run_speed_passes(now_, options, pipeline);
            return graph_text();
        }
        lower(step, options, pipeline);
        return std::move(result_);
    }

private:
    // Without a loss there is nothing to train: the outputs.
    StepGraph forward() const {
        check_functions(network_, reachable(network_.graph, network_.outputs));
        StepGraph step{network_.graph, {}, {}};
        step.graph.outputs = network_.outputs;
        return step;
    }

    StepGraph training() const {
        const TrainOptions recipe = merge_options(network_, {});
        if (find_optimizer(recipe.optimizer.name())->full_batch != nullptr) {
            throw UserError(
                fmt::format("{} has no step as a graph, it works on the whole data: leave "
                            "`optimizer` out to see "
                            "the compiled step of sgd",
                            recipe.optimizer.name()));
        }
        const Averaging averaging = recipe.class_weights ? Averaging::weighted : Averaging::plain;
        const Objective objective = make_objective(network_, averaging);
        if (request_.check_each) {
            check_terms(objective);
        }
        return make_step_graph(network_, objective, recipe);
    }

    void check_terms(const Objective& objective) const {
        Graph written = network_.graph;
        written.outputs = network_.penalties;
        written.outputs.insert(written.outputs.begin(), network_.loss);
        Graph computed = objective.graph;
        computed.outputs = objective.terms;
        check_same_losses(written, computed, "stable_losses");
    }

    Compilation graph_text() {
        result_.text = print_graph(now_);
        return std::move(result_);
    }

    // The passes inside of a stage have said their own times. What updates nothing is no loop.
    void lower(const StepGraph& step, const CompileOptions& options,
               const PipelineOptions& pipeline) {
        if (step.updates.empty()) {
            lower_to_plan(step.graph, options, pipeline);
            return;
        }
        const auto loop = timed("fuse into a loop (with the passes)",
                                [&] { return make_tensor_program(step.graph, options, pipeline); });
        loop ? emit_loop(step, *loop) : lower_to_plan(step.graph, options, {});
    }

    void emit_loop(const StepGraph& step, const TensorProgram& loop) {
        result_.text = print_program(loop);
        if (request_.check_each) {
            check_loop(step.graph, step.updates, loop);
        }
        if (request_.emit) {
            const auto code =
                timed("emit", [&] { return native_backend().compile_loop(loop, true); });
            keep(code->llvm_text(), code->assembly());
        }
    }

    void lower_to_plan(const Graph& graph, const CompileOptions& options,
                       const PipelineOptions& pipeline) {
        Plan plan =
            timed("fuse", [&] { return fused_plan(run_speed_passes(graph, options, pipeline)); });
        result_.text = print_plan(plan);
        plan = timed("plan_memory", [&] { return with_memory(std::move(plan)); });
        if (request_.after != "fuse") {
            result_.text = print_plan(plan);
        }
        if (request_.check_each) {
            check_plan(graph, plan);
        }
        if (request_.emit) {
            const auto code =
                timed("emit", [&] { return native_backend().compile_kernels(plan, true); });
            keep(code->llvm_text(), code->assembly());
        }
    }

    void keep(const std::string& llvm_text, const std::string& assembly) {
        result_.llvm_text = llvm_text;
        result_.assembly = assembly;
    }

    const Network& network_;
    const CompilationRequest& request_;
    Graph now_;
    Compilation result_;
};

}  // namespace

std::vector<std::string> step_stages() {
    std::vector<std::string> names{"step"};
    for (const Pass& pass : speed_passes()) {
        names.emplace_back(pass.name);
    }
    names.insert(names.end(), lowering_stages.begin(), lowering_stages.end());
    return names;
}

Compilation compile_step(const Network& network, const CompilationRequest& request) {
    return StepCompiler(network, request).run();
}

}  // namespace chainrule
