#include <memory>
#include <ostream>

#include "cli/command.h"
#include "ir/graph_text.h"
#include "passes/pipeline.h"

namespace chainrule {
namespace {

struct Options {
    NetworkOptions network;
    std::string after;
};

void run(const Options& options, CommandContext& context) {
    const Elaborated elaborated =
        load(options.network, Examples::one, context, /*needs_loss=*/!options.after.empty());
    Graph graph = elaborated.network.graph;
    graph.outputs = elaborated.network.objective.valid()
                        ? std::vector<NodeId>{elaborated.network.objective}
                        : elaborated.network.outputs;
    if (!options.after.empty()) {
        PipelineOptions pipeline;
        pipeline.last = options.after;
        graph = run_passes(graph, pipeline);
    }
    write_result("", print_graph(graph), context);
}

}  // namespace

void add_dump_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<Options>();
    CLI::App* command =
        app.add_subcommand("dump", "the graph in its canonical text form, after any pass");
    options->network.add_to(*command, /*with_values=*/false);
    std::string passes;
    for (const Pass& pass : all_passes()) {
        passes += (passes.empty() ? "" : ", ") + std::string(pass.name);
    }
    command->add_option("--after", options->after, "run the passes up to this one: " + passes)
        ->type_name("PASS");
    command->footer("Example:\n  chainrule dump worksheet.nn --after derive");
    command->callback([options, &context] { run(*options, context); });
}

}  // namespace chainrule
