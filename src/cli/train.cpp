#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/resource.h>
#include <algorithm>

#include <memory>
#include <optional>
#include <ostream>

#include "cli/checkpoint_writer.h"
#include "cli/command.h"
#include "cli/resume_command.h"
#include "cli/stop_signals.h"
#include "cli/table_options.h"
#include "cli/training_watch.h"
#include "data/atomic_file.h"
#include "train/report.h"
#include "train/report_page.h"
#include "train/resume.h"
#include "train/training_data.h"

namespace chainrule {
namespace {

struct Options {
    NetworkOptions network;
    DataRequest data;
    TableOptions table;
    TrainOverrides train;
    std::string out;
    std::string resume;
    double checkpoint_every = 5;
    std::string log;
    std::string report;
    bool json = false;
    bool verbose = false;

    // Training that goes on is saved where it was.
    const std::string& saved_to() const { return out.empty() ? resume : out; }
};

// --at gives weights their initial values, and constants theirs.
void give_values(Network& network, const NamedValues& at) {
    for (const std::vector<NodeId>* leaves : {&network.inputs, &network.targets}) {
        for (const NodeId leaf : *leaves) {
            if (at.contains(network.graph.name(leaf))) {
                throw UserError(network.graph.name(leaf) +
                                    " gets its values from the data: --at is for weights and "
                                    "constants here",
                                network.graph.origin(leaf));
            }
        }
    }
    const Bindings values = given_values(network, at);
    for (Weight& weight : network.weights) {
        if (const auto found = values.find(weight.node); found != values.end()) {
            weight.value = found->second;
        }
    }
    for (const NodeId constant : network.constants) {
        if (const auto found = values.find(constant); found != values.end()) {
            network.constant_values[constant] = found->second;
        }
    }
}

std::vector<std::string> files_read(const Options& options) {
    return {options.network.file, options.network.at_file, options.data.data,
            options.data.labels,  options.data.test,       options.data.test_labels};
}

void check_data_options(const Network& network, const Options& options) {
    const bool wanted = takes_data(network);
    if (wanted && options.data.data.empty()) {
        throw CLI::RequiredError("--data");
    }
    if (!wanted && !(options.data.data + options.data.test).empty()) {
        throw UserError(network.file +
                        " has neither input nor target, so that --data has nothing " +
                        "to feed: leave it out");
    }
    const std::vector<std::string> read = files_read(options);
    if (std::count(read.begin(), read.end(), "-") > 1) {
        throw UserError("standard input can be only one of the files that are read");
    }
}

void print_all(const Diagnostics& diagnostics, CommandContext& context) {
    for (const Diagnostic& diagnostic : diagnostics.items()) {
        print(diagnostic, context);
    }
}

// All that is read before training.
struct Begun {
    Network network;
    NetworkText text;
    std::optional<Checkpoint> checkpoint = std::nullopt;  // to go on from
    TrainOptions options = {};
    PreparedData data = {};
    DataMark mark = {};
};

void check_output(const Options& options) {
    const std::string& path = options.saved_to();
    keep_inputs(path, files_read(options));
    if (!path.empty()) {
        // A path that cannot be written is refused now, not after an hour of training.
        const AtomicFile probe(path);
        remove_left_behind(path);
    }
    keep_inputs(options.report, files_read(options));
    if (!options.report.empty()) {
        if (options.report == path) {
            throw UserError("--report and --out name one file: " + path);
        }
        const AtomicFile probe(options.report);
    }
    if (!options.log.empty()) {
        check_log_folder(options.log);
    }
}

Begun begin(const Options& options, CommandContext& context) {
    Elaborated elaborated = load(options.network, Examples::many, context);
    Begun begun{.network = std::move(elaborated.network), .text = {}};
    check_data_options(begun.network, options);
    give_values(begun.network, options.network.values());
    begun.text = text_of(begun.network, options.network.defines, context.sources);
    if (options.resume.empty()) {
        begun.options = merge_options(begun.network, options.train);
    } else {
        begun.checkpoint = load_checkpoint(options.resume, context.sources);
        check_network(*begun.checkpoint, options.resume, begun.text, begun.network);
        begun.options = resumed_options(*begun.checkpoint, options.resume, options.train);
    }
    check_output(options);

    Diagnostics diagnostics;
    DataRequest request = options.data;
    request.target = options.table.target;
    request.format = options.table.format();
    begun.data = prepare_data(begun.network, request, begun.options, diagnostics);
    print_all(diagnostics, context);
    if (!options.saved_to().empty()) {
        begun.mark = mark_of(begun.data.parts);
    }
    if (begun.checkpoint) {
        check_data(*begun.checkpoint, options.resume, begun.data.learnt, begun.mark);
    }
    return begun;
}

void save(const std::string& path, const Begun& begun, const TrainState& state) {
    save_checkpoint(
        path,
        {begun.network, begun.text, state.weights, begun.data.learnt,
         answer_kind(begun.network, begun.data.parts.training.targets), begun.options.dtype},
        {begun.options, state, begun.mark});
}

// Where training goes on, for people.
void print_position(const std::string& path, const Begun& begun, CommandContext& context) {
    const TrainState& state = begun.checkpoint->state;
    const std::int64_t completed = state.schedule.epoch;
    if (completed >= begun.options.epochs) {
        context.err << fmt::format("{} has completed its {} epochs; --epochs {} would go on\n",
                                   path, completed, 2 * completed);
        return;
    }
    const std::string batch = state.batch == 0 ? "" : fmt::format(", batch {}", state.batch);
    context.err << fmt::format("going on from {} after epoch {}{} of {}\n", path, completed, batch,
                               begun.options.epochs);
}

TrainResult run_training(Begun& begun, const Options& options, CommandContext& context) {
    Diagnostics diagnostics;
    TrainingWatch watch(
        {begun.network, begun.options, begun.data.parts, options.log, options.json}, context);
    const std::string& path = options.saved_to();
    CheckpointWriter writer([&](const TrainState& state) { save(path, begun, state); },
                            options.checkpoint_every, context);
    TrainHooks hooks = watch.hooks();
    hooks.on_state = [&](const TrainState& state) {
        if (!path.empty()) {
            writer.offer(state);
        }
    };
    hooks.should_stop = [] { return StopSignals::seen() != 0; };
    std::optional<TrainState> from;
    if (begun.checkpoint) {
        print_position(options.resume, begun, context);
        from = std::move(begun.checkpoint->state);
    }
    TrainResult result =
        train(begun.network, begun.options, begun.data.parts, diagnostics, hooks, std::move(from));
    watch.finish(result);
    print_all(diagnostics, context);
    return result;
}

void save_result(const Options& options, const Begun& begun, const TrainResult& result,
                 CommandContext& context) {
    const std::string& path = options.saved_to();
    const bool has_learnt = !result.failure || result.schedule.epoch > 0;
    if (!path.empty() && has_learnt) {
        save(path, begun, result);
        context.err << "saved to " << path << "\n";
    }
    if (!result.interrupted) {
        return;
    }
    context.err << (path.empty()
                        ? "interrupted: nothing was saved; with --out PATH, training could go on\n"
                        : "interrupted; to go on:\n  " +
                              resume_command(context.command_line, path) + "\n");
}

void write_report(const Options& options, const Begun& begun, const TrainResult& result,
                  CommandContext& context) {
    if (options.report.empty()) {
        return;
    }
    write_file_atomically(options.report,
                          render_training_page(report_page({begun.network, begun.text,
                                                            begun.options, begun.data, result})));
    context.err << "report written to " << options.report << "\n";
}

void print_computer(const TrainResult& result, CommandContext& context) {
    struct rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
    context.err << fmt::format("computed by {}; peak memory {:.1f} MB\n", result.computed_by,
                               static_cast<double>(usage.ru_maxrss) / 1000);
}

void run(const Options& options, CommandContext& context) {
    Begun begun = begin(options, context);
    const StopSignals signals;
    const TrainResult result = run_training(begun, options, context);
    if (options.verbose) {
        print_computer(result, context);
    }
    save_result(options, begun, result, context);
    write_result(
        "", options.json ? report_json(begun.network, result) : report_text(begun.network, result),
        context);
    write_report(options, begun, result, context);
    if (result.interrupted) {
        context.exit_code = StopSignals::exit_code();
    }
    if (result.failure) {
        print(*result.failure, context);
        context.exit_code = 1;
    }
}

void add_data_options(CLI::App& command, Options& options) {
    CLI::Option* const data =
        command
            .add_option("--data", options.data.data,
                        "the examples: CSV, IDX (as MNIST comes), NPY or NPZ, gzipped or not; - is "
                        "standard input")
            ->type_name("FILE");
    command
        .add_option("--labels", options.data.labels, "the labels of examples in an IDX or NPY file")
        ->type_name("FILE")
        ->needs(data);
    CLI::Option* const test =
        command.add_option("--test", options.data.test, "examples to test the trained weights on")
            ->type_name("FILE");
    command.add_option("--test-labels", options.data.test_labels, "the labels of --test")
        ->type_name("FILE")
        ->needs(test);
    command
        .add_option("--split", options.train.split,
                    "hold this part of the rows out for validation, like 0.2")
        ->type_name("FRACTION");
    options.table.add_to(command);
    command
        .add_option("--scale", options.train.scale,
                    "auto: standardise number columns (default); none: leave them")
        ->check(CLI::IsMember({"auto", "none"}));
    command
        .add_option("--missing", options.train.missing,
                    "impute: missing cells get their column's mean (default); error: refuse them")
        ->check(CLI::IsMember({"impute", "error"}));
}

template <class Record>
std::string names_of(const std::vector<const Record*>& records) {
    std::vector<std::string_view> names;
    for (const Record* record : records) {
        names.push_back(record->method.name);
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

template <class Record>
std::string summaries_of(const std::vector<const Record*>& records) {
    std::string lines;
    for (const Record* record : records) {
        lines += "  " + summary(record->method) + "\n";
    }
    return lines;
}

// How weights move.
void add_descent_options(CLI::App& command, TrainOverrides& train) {
    command
        .add_option("--optimizer", train.optimizer,
                    names_of(optimizers()) + " (default: sgd); with numbers, \"sgd(momentum=0.9)\"")
        ->type_name("NAME");
    command.add_option("--rate", train.rate,
                       "the step size (default: the optimizer's usual one; of sgd, 0.1)");
    command
        .add_option("--schedule", train.schedule,
                    "how the rate changes: " + names_of(schedules()) +
                        " (default: constant); with numbers, \"step(every=30)\"")
        ->type_name("NAME");
    command.add_option("--warmup", train.warmup, "let the rate rise over so many first steps");
    command.add_option("--clip-norm", train.clip_norm,
                       "shorten the gradient of all weights together to at most this length");
    command.add_option("--clip-value", train.clip_value,
                       "cut each number of the gradient to -this .. this");
}

void add_training_options(CLI::App& command, TrainOverrides& train) {
    command.add_option("--epochs", train.epochs, "passes over the data (default: 10)");
    command.add_option("--batch", train.batch, "rows per step (default: 32)");
    add_descent_options(command, train);
    command.add_option("--seed", train.seed,
                       "of initial values, order and split (default: 0); the same seed gives the "
                       "same bits");
    command
        .add_option("--dtype", train.dtype, "what is computed and saved in, f32 (default) or f64")
        ->check(CLI::IsMember({"f32", "f64"}));
    command.add_option(
        "--threads", train.threads,
        "how many compute (default: one per processor); any number gives the same bits");
    command
        .add_option("--backend", train.backend,
                    "native: compiled code (default); reference: slow and obvious, in f64")
        ->check(CLI::IsMember({"native", "reference"}));
}

}  // namespace

void add_train_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("train", "trains the weights by gradient descent");
    options->network.add_to(*command);
    add_data_options(*command, *options);
    add_training_options(*command, options->train);
    command->add_option("--out", options->out, "save the trained weights, a safetensors file")
        ->type_name("PATH");
    command
        ->add_option(
            "--resume", options->resume,
            "go on from this file, which an earlier training saved, to the same bits as if it had "
            "never stopped; the options it was begun with hold, and it is saved there unless --out "
            "says otherwise")
        ->type_name("CKPT");
    command
        ->add_option(
            "--checkpoint-every", options->checkpoint_every,
            "save to --out while training runs, after so many seconds, at the end of an epoch "
            "(default: 5; 0: whenever there is anything new)")
        ->type_name("SECONDS")
        ->check(CLI::NonNegativeNumber);
    command
        ->add_option("--log", options->log,
                     "write loss, metrics, histograms and the graph for TensorBoard")
        ->type_name("DIR");
    command
        ->add_option("--report", options->report,
                     "write a page with curves, metrics, the network and its derivation")
        ->type_name("PATH");
    command->add_flag("--json", options->json, "print one JSON object");
    command->add_flag("--verbose", options->verbose, "say what computed, and the peak memory");
    command->footer(
        "Options go before the network's own `train` statement, which goes before the defaults.\n"
        "Ctrl-C or SIGTERM stops after the current batch, saves to --out and says how to go on; a "
        "second one "
        "stops at once.\n\n"
        "Optimizers, with what can be set:\n" +
        summaries_of(optimizers()) + "Schedules, by epochs:\n" + summaries_of(schedules()) +
        "\n"
        "Example:\n  chainrule train moons.nn --data moons.csv --split 0.2 --epochs 50 --rate 0.5 "
        "--out moons.safetensors\n"
        "  chainrule train mnist.nn --data train-images-idx3-ubyte.gz --labels "
        "train-labels-idx1-ubyte.gz \\\n    --test t10k-images-idx3-ubyte.gz --test-labels "
        "t10k-labels-idx1-ubyte.gz");
    command->callback([options, &context] { run(*options, context); });
}

}  // namespace chainrule
