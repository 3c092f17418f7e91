#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/resource.h>
#include <algorithm>

#include <csignal>
#include <memory>
#include <ostream>

#include "cli/command.h"
#include "cli/progress_bar.h"
#include "cli/table_options.h"
#include "data/atomic_file.h"
#include "train/model_file.h"
#include "train/report.h"
#include "train/streamed_data.h"

namespace chainrule {
namespace {

// As a shell reports a program that Ctrl-C ended.
constexpr int interrupted_exit_code = 130;

struct Options {
    NetworkOptions network;
    DataRequest data;
    TableOptions table;
    TrainOverrides train;
    bool stream = false;
    std::size_t buffer = std::size_t{1} << 16;
    std::string out;
    bool json = false;
    bool verbose = false;
};

// A signal handler can reach nothing but a static flag.
volatile std::sig_atomic_t interrupt_seen = 0;

// While it lives, the first Ctrl-C only asks training to stop after the batch; a second one ends the
// program, as ever.
class InterruptGuard {
public:
    InterruptGuard() {
        interrupt_seen = 0;
        struct sigaction action = {};
        action.sa_handler = [](int) { interrupt_seen = 1; };
        action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
        sigaction(SIGINT, &action, &before_);
    }
    ~InterruptGuard() { sigaction(SIGINT, &before_, nullptr); }
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;

    static bool seen() { return interrupt_seen != 0; }

private:
    struct sigaction before_ = {};
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
    if (!wanted && options.stream) {
        throw UserError(network.file +
                        " has neither input nor target, so that there is nothing to stream: leave "
                        "out --stream");
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

// In memory or not.
struct ReadyData {
    TrainingData parts;  // of data in memory, which the sources refer to
    TrainingSources sources;
    LearntData learnt;
};

ReadyData prepare(const Network& network, const Options& options, const TrainOptions& train_options,
                  CommandContext& context) {
    DataRequest request = options.data;
    request.target = options.table.target;
    request.format = options.table.format();
    Diagnostics diagnostics;
    ReadyData ready;
    if (options.stream) {
        StreamedData data =
            prepare_stream(network, request, train_options, options.buffer, diagnostics);
        ready = {.parts = {}, .sources = std::move(data.sources), .learnt = std::move(data.learnt)};
    } else {
        PreparedData data = prepare_data(network, request, train_options, diagnostics);
        ready = {.parts = std::move(data.parts), .sources = {}, .learnt = std::move(data.learnt)};
    }
    print_all(diagnostics, context);
    return ready;
}

TrainResult run_training(const Network& network, const TrainOptions& train_options,
                         const TrainingSources& data, bool quiet, CommandContext& context) {
    Diagnostics diagnostics;
    ProgressBar bar(context.err, context.err_is_terminal);
    const std::string about = takes_data(network) ? data_line(data) : "";
    TrainHooks hooks;
    hooks.on_batch = [&](const Progress& progress) { bar.show(progress); };
    hooks.on_epoch = [&](const EpochRecord& record) {
        if (!quiet) {
            bar.clear();
            const std::string heading = record.epoch == 1 ? about + epoch_heading(record) : "";
            write_result("", heading + epoch_line(record), context);
        }
    };
    const InterruptGuard guard;
    hooks.should_stop = InterruptGuard::seen;
    TrainResult result = train(network, train_options, data, diagnostics, hooks);
    bar.clear();
    print_all(diagnostics, context);
    return result;
}

void run(const Options& options, CommandContext& context) {
    Elaborated elaborated = load(options.network, Examples::many, context);
    Network& network = elaborated.network;
    check_data_options(network, options);
    give_values(network, options.network.values());
    const TrainOptions train_options = merge_options(network, options.train);
    keep_inputs(options.out, files_read(options));
    if (!options.out.empty()) {
        // A path that cannot be written is refused now, not after an hour of training.
        const AtomicFile probe(options.out);
    }

    ReadyData data = prepare(network, options, train_options, context);
    if (!options.stream) {
        data.sources = sources_of(network, data.parts);
    }
    const TrainResult result =
        run_training(network, train_options, data.sources, options.json, context);

    if (options.verbose) {
        struct rusage usage = {};
        getrusage(RUSAGE_SELF, &usage);
        context.err << fmt::format("computed by {}; peak memory {:.1f} MB\n", result.computed_by,
                                   static_cast<double>(usage.ru_maxrss) / 1000);
    }
    const std::string report =
        options.json ? report_json(network, result) : report_text(network, result);
    write_result("", report, context);
    const bool has_learnt = !result.failure || !result.epochs.empty();
    if (!options.out.empty() && has_learnt) {
        const NetworkText text = text_of(network, options.network.defines, context.sources);
        save_model(options.out, {network, text, result.weights, data.learnt, data.sources.answer,
                                 train_options.dtype});
        context.err << "saved to " << options.out << "\n";
    }
    context.exit_code = result.interrupted ? interrupted_exit_code : 0;
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
    CLI::Option* const stream = command.add_flag(
        "--stream", options.stream,
        "read a table anew in every epoch instead of keeping it in memory, and shuffle it through "
        "a buffer");
    command
        .add_option("--buffer", options.buffer,
                    "how many rows that buffer holds (default: 65536); one that holds the whole "
                    "file gives what training in memory gives")
        ->type_name("ROWS")
        ->check(CLI::PositiveNumber)
        ->needs(stream);
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
    command->add_flag("--json", options->json, "print one JSON object");
    command->add_flag("--verbose", options->verbose, "say what computed, and the peak memory");
    command->footer(
        "Options go before the network's own `train` statement, which goes before the defaults.\n"
        "Ctrl-C stops after the current batch and keeps the weights.\n\n"
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
