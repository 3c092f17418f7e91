#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/resource.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>

#include "cli/checkpoint_writer.h"
#include "cli/command.h"
#include "cli/fold_command.h"
#include "cli/resume_command.h"
#include "cli/stop_signals.h"
#include "cli/train_command.h"
#include "cli/training_watch.h"
#include "data/atomic_file.h"
#include "train/report.h"
#include "train/report_page.h"
#include "train/resume.h"
#include "train/streamed_data.h"

namespace chainrule {
namespace {

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

void check_data_options(const Network& network, const TrainCommand& options) {
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
    const std::vector<std::string> read = options.files_read();
    if (std::count(read.begin(), read.end(), "-") > 1) {
        throw UserError("standard input can be only one of the files that are read");
    }
}

// All that is read before training. It stays where it is: the sources refer to the parts.
struct Begun {
    Network network;
    NetworkText text;
    std::optional<Checkpoint> checkpoint = std::nullopt;  // to go on from
    TrainOptions options = {};
    TrainingData parts = {};  // of data in memory, which the sources refer to
    TrainingSources data = {};
    LearntData learnt = {};
    DataMark mark = {};
};

void check_output(const TrainCommand& options) {
    const std::string& path = options.saved_to();
    keep_inputs(path, options.files_read());
    if (!path.empty()) {
        // A path that cannot be written is refused now, not after an hour of training.
        const AtomicFile probe(path);
        remove_left_behind(path);
    }
    keep_inputs(options.report, options.files_read());
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

DataRequest data_request(const TrainCommand& options) {
    DataRequest request = options.data;
    request.target = options.table.target;
    request.weights = options.table.weights;
    request.format = options.table.format();
    return request;
}

void read_data(Begun& begun, const TrainCommand& options, CommandContext& context) {
    const DataRequest request = data_request(options);
    Diagnostics diagnostics;
    if (options.stream) {
        StreamedData data =
            prepare_stream(begun.network, request, begun.options, options.buffer, diagnostics);
        begun.data = std::move(data.sources);
        begun.learnt = std::move(data.learnt);
    } else {
        PreparedData data = prepare_data(begun.network, request, begun.options, diagnostics);
        begun.parts = std::move(data.parts);
        begun.data = sources_of(begun.network, begun.parts);
        begun.learnt = std::move(data.learnt);
    }
    print_all(diagnostics.items(), context);
}

Network load_network(const TrainCommand& options, CommandContext& context) {
    Network network = std::move(load(options.network, Examples::many, context).network);
    check_data_options(network, options);
    give_values(network, options.network.values());
    return network;
}

std::unique_ptr<Begun> begin(const TrainCommand& options, CommandContext& context) {
    auto made =
        std::make_unique<Begun>(Begun{.network = load_network(options, context), .text = {}});
    Begun& begun = *made;
    begun.text = text_of(begun.network, options.network.defines, context.sources);
    if (options.resume.empty()) {
        begun.options = merge_options(begun.network, options.train);
    } else {
        begun.checkpoint = load_checkpoint(options.resume, context.sources);
        check_network(*begun.checkpoint, options.resume, begun.text, begun.network);
        begun.options = resumed_options(*begun.checkpoint, options.resume, options.train);
    }
    check_output(options);

    read_data(begun, options, context);
    if (!options.saved_to().empty()) {
        begun.mark = mark_of(begun.data);
    }
    if (begun.checkpoint) {
        check_data(*begun.checkpoint, options.resume, begun.learnt, begun.mark);
    }
    return made;
}

void save(const std::string& path, const Begun& begun, const TrainState& state) {
    save_checkpoint(path,
                    {begun.network, begun.text, state.model_weights(), begun.learnt,
                     begun.data.answer, begun.options.dtype},
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
    context.err << fmt::format("going on from {} after epoch {} of {}{}\n", path, completed,
                               begun.options.epochs, batch);
}

void warn_of_unanswered(const TrainResult& result, CommandContext& context) {
    print_unanswered(result.train.unanswered, "the training part", context);
    if (!result.epochs.empty() && result.epochs.back().validation) {
        print_unanswered(result.epochs.back().validation->unanswered, "the validation part",
                         context);
    }
    if (result.test) {
        print_unanswered(result.test->unanswered, "the test part", context);
    }
}

TrainResult run_training(Begun& begun, const TrainCommand& options, CommandContext& context) {
    Diagnostics diagnostics;
    TrainingWatch watch({begun.network, begun.options, begun.data, options.log, options.json},
                        context);
    const std::string& path = options.saved_to();
    CheckpointWriter writer([&](const TrainState& state) { save(path, begun, state); },
                            options.checkpoint_every, context);
    TrainHooks hooks = watch.hooks();
    hooks.on_state = [&](const TrainState& state) {
        if (!path.empty()) {
            writer.offer(state);
        }
    };
    hooks.should_stop = [&watch] { return StopSignals::seen() != 0 || watch.has_lost_output(); };
    std::optional<TrainState> from;
    if (begun.checkpoint) {
        print_position(options.resume, begun, context);
        from = std::move(begun.checkpoint->state);
    }
    TrainResult result =
        train(begun.network, begun.options, begun.data, diagnostics, hooks, std::move(from));
    watch.finish(result);
    print_all(diagnostics.items(), context);
    if (!result.failure) {
        warn_of_unanswered(result, context);
    }
    if (result.test_failure) {
        print(warning_of_loss(
                  begun.network,
                  fmt::format("the loss of the test part is {}", format_number(result.test->loss)),
                  *result.test_failure),
              context);
        context.err << how_to_replay(options, result.test_failure->leaves, true, context);
    }
    return result;
}

void save_result(const TrainCommand& options, const Begun& begun, const TrainResult& result,
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
                        : fmt::format("interrupted; to go on{}:\n  {}\n", same_input(options),
                                      resume_command(context.command_line, path)));
}

void write_report(const TrainCommand& options, const Begun& begun, const TrainResult& result,
                  CommandContext& context) {
    if (options.report.empty()) {
        return;
    }
    write_file_atomically(
        options.report,
        render_training_page(report_page(
            {begun.network, begun.text, begun.options, begun.data, begun.learnt.labels, result})));
    context.err << "report written to " << options.report << "\n";
}

void print_computer(const TrainResult& result, CommandContext& context) {
    struct rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
    context.err << fmt::format("computed by {}; peak memory {:.1f} MB\n", result.computed_by,
                               static_cast<double>(usage.ru_maxrss) / 1000);
}

void run(const TrainCommand& options, CommandContext& context) {
    if (options.folds) {
        check_fold_options(options);
        run_folds(load_network(options, context), options, data_request(options), context);
        return;
    }
    const std::unique_ptr<Begun> made = begin(options, context);
    Begun& begun = *made;
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
    if (StopSignals::seen() != 0 && result.interrupted) {
        context.exit_code = StopSignals::exit_code();
    }
    if (result.failure) {
        print(failure_report(result), context);
        context.err << how_to_replay(options, result.failed_on, result.schedule.epoch > 0, context);
        context.exit_code = 1;
    }
}

}  // namespace

void add_train_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<TrainCommand>();
    CLI::App* command = app.add_subcommand("train", "trains the weights on data");
    options->add_to(*command);
    command->callback([options, &context] { run(*options, context); });
}

}  // namespace chainrule
