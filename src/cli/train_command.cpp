#include "cli/train_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace chainrule {
namespace {

void add_file_options(CLI::App& command, TrainCommand& options) {
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
}

// Which rows take part, and how much each counts.
void add_row_options(CLI::App& command, TrainCommand& options) {
    command
        .add_option("--split", options.train.split,
                    "hold this part of the rows out for validation, like 0.2")
        ->type_name("FRACTION");
    command
        .add_option("--stratify", options.train.stratify,
                    "auto: where the target is a class, hold out that part of each (default); "
                    "none: of all rows, whatever their class")
        ->check(CLI::IsMember({"auto", "none"}));
    command
        .add_option(
            "--class-weights", options.train.class_weights,
            "how much rows count by their class: balanced (the rarer the more), the weight "
            "of each class (1,3), or by label (\"no=1,yes=3\"; another weighs 1); one of 0 is "
            "out of the loss, and still measured")
        ->type_name("WEIGHTS");
    command
        .add_option("--folds", options.folds,
                    "cross-validate: deal the rows out to so many folds, train on all but one and "
                    "measure on it, for each; no model is saved")
        ->type_name("K");
}

// How the files are read, and what is made of their columns.
void add_reading_options(CLI::App& command, TrainCommand& options) {
    CLI::Option* const stream = command.add_flag(
        "--stream", options.stream,
        "read the data anew in every epoch instead of keeping it in memory, and shuffle it through "
        "a buffer");
    command
        .add_option(
            "--buffer", options.buffer,
            "how many rows that buffer holds in memory (default: 65536); one that holds the "
            "whole file gives what training in memory gives")
        ->type_name("ROWS")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 40))
        ->needs(stream);
    options.table.add_to(command, "the one of the target's name, otherwise the last");
    options.table.add_weights_to(command)->needs(command.get_option("--data"));
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
    command.add_option(
        "--patience", train.patience,
        "stop after so many epochs without a smaller loss of the held-out rows "
        "(without any: of the training rows), and keep the weights of the best epoch");
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
    command
        .add_option("--on-nan", train.on_nan,
                    "stop: end training at the first step that makes a NaN or an infinity, and say "
                    "where it came from (default); skip: leave such steps out and count them")
        ->check(CLI::IsMember({"stop", "skip"}));
}

}  // namespace

std::vector<std::string> TrainCommand::files_read() const {
    return {network.file, network.at_file, data.data, data.labels, data.test, data.test_labels};
}

void TrainCommand::add_to(CLI::App& command) {
    network.add_to(command);
    add_file_options(command, *this);
    add_row_options(command, *this);
    add_reading_options(command, *this);
    add_training_options(command, train);
    add_out_option(command, out, "save the trained weights, a safetensors file");
    command
        .add_option(
            "--resume", resume,
            "go on from this file, which an earlier training saved, to the same bits as if it had "
            "never stopped; the options it was begun with hold, and it is saved there unless --out "
            "says otherwise")
        ->type_name("CKPT");
    command
        .add_option(
            "--checkpoint-every", checkpoint_every,
            "save to --out while training runs, after so many seconds, at the end of an epoch "
            "(default: 5; 0: whenever there is anything new)")
        ->type_name("SECONDS")
        ->check(CLI::NonNegativeNumber);
    command
        .add_option("--log", log, "write loss, metrics, histograms and the graph for TensorBoard")
        ->type_name("DIR");
    command
        .add_option("--report", report,
                    "write a page with curves, metrics, the network and its derivation")
        ->type_name("PATH");
    command.add_flag("--json", json, "print one JSON object");
    command.add_flag("--verbose", verbose, "say what computed, and the peak memory");
    command.footer(
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
}

}  // namespace chainrule
