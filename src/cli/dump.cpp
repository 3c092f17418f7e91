#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <ostream>

#include "cli/command.h"
#include "ir/graph_text.h"
#include "passes/pipeline.h"
#include "train/compilation.h"

namespace chainrule {
namespace {

struct DumpOptions {
    NetworkOptions network;
    std::string after;
    std::string emit;
    std::string dtype = "f32";
    std::int64_t batch = 32;
    bool time = false;
    bool check = false;
};

std::vector<std::string> readable_stages() {
    std::vector<std::string> names;
    for (const Pass& pass : all_passes()) {
        names.emplace_back(pass.name);
    }
    return names;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::ranges::find(names, name) != names.end();
}

// The road to a derivation: one example, the readable passes.
std::string readable_text(const DumpOptions& options, CommandContext& context) {
    const Elaborated elaborated =
        load(options.network, Examples::one, context, /*needs_loss=*/false);
    const NodeId objective = elaborated.network.objective;
    Graph graph = elaborated.network.graph;
    graph.outputs = objective.valid() ? std::vector<NodeId>{objective} : elaborated.network.outputs;
    if (!options.after.empty()) {
        PipelineOptions pipeline;
        if (!objective.valid()) {
            pipeline.skip = {"derive"};
        }
        pipeline.last = options.after;
        graph = run_passes(graph, pipeline);
    }
    return print_graph(graph);
}

void print_times(const Compilation& compilation, CommandContext& context) {
    for (const Compilation::Stage& stage : compilation.stages) {
        context.err << fmt::format("{:>10.3f} ms  {}{}\n", 1000 * stage.seconds, stage.name,
                                   stage.changed ? "" : "  (unchanged)");
    }
}

// The road to machine code: a batch of examples, the speed passes, plan and code.
std::string compiled_text(const DumpOptions& options, CommandContext& context) {
    const Elaborated elaborated =
        load(options.network, Examples::many, context, /*needs_loss=*/false);
    const CompilationRequest request{.after = options.after,
                                     .dtype = options.dtype == "f32" ? DType::f32 : DType::f64,
                                     .batch = options.batch,
                                     .emit = !options.emit.empty() || options.time,
                                     .check_each = options.check};
    const Compilation compilation = compile_step(elaborated.network, request);
    if (options.time) {
        print_times(compilation, context);
    }
    return options.emit == "llvm"  ? compilation.llvm_text
           : options.emit == "asm" ? compilation.assembly
                                   : compilation.text;
}

void run(const DumpOptions& options, CommandContext& context) {
    const std::vector<std::string> readable = readable_stages();
    const std::vector<std::string> compiled = step_stages();
    if (!options.after.empty() && !contains(readable, options.after) &&
        !contains(compiled, options.after)) {
        throw UserError(
            fmt::format("no pass is called '{}'; the passes are {}; and on the road to "
                        "machine code {}",
                        options.after, fmt::join(readable, ", "), fmt::join(compiled, ", ")));
    }
    const bool is_of_step = !options.emit.empty() || options.time || options.check;
    if (is_of_step && !options.after.empty() && !contains(compiled, options.after)) {
        throw UserError(fmt::format(
            "--after {} shows the graph as it is read; --emit, --time-passes and --check-each-pass "
            "are of the compiled step, whose passes are {}",
            options.after, fmt::join(compiled, ", ")));
    }
    const bool compile = is_of_step || contains(compiled, options.after);
    write_result("", compile ? compiled_text(options, context) : readable_text(options, context),
                 context);
}

}  // namespace

void add_dump_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<DumpOptions>();
    CLI::App* command = app.add_subcommand(
        "dump", "the graph in its canonical text form, after any pass; plan and generated code");
    options->network.add_to(*command, /*with_values=*/false);
    command
        ->add_option(
            "--after", options->after,
            fmt::format("run the passes up to this one: {}; or on the road to machine "
                        "code: {}",
                        fmt::join(readable_stages(), ", "), fmt::join(step_stages(), ", ")))
        ->type_name("PASS");
    command
        ->add_option(
            "--emit", options->emit,
            "the code generated for a training step; of a network without a loss, for its outputs")
        ->check(CLI::IsMember({"llvm", "asm"}));
    command->add_option("--dtype", options->dtype, "of the compiled step, f32 (default) or f64")
        ->check(CLI::IsMember({"f32", "f64"}));
    command->add_option("--batch", options->batch, "rows of the compiled step (default: 32)")
        ->check(CLI::Range(1, 1 << 20));
    command->add_flag("--time-passes", options->time, "say where compiling spends its time");
    command->add_flag("--check-each-pass", options->check,
                      "compare values before and after each pass, and those of the compiled code");
    command->footer(
        "Example:\n  chainrule dump worksheet.nn --after derive\n"
        "  chainrule dump worksheet_given.nn --after plan_memory --batch 128\n"
        "  chainrule dump worksheet_given.nn --emit asm");
    command->callback([options, &context] { run(*options, context); });
}

}  // namespace chainrule
