#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <ostream>

#include "cli/model_options.h"
#include "data/atomic_file.h"
#include "train/prediction_text.h"

namespace chainrule {
namespace {

struct PredictOptions {
    ModelOptions model;
    std::string out;
    std::vector<std::string> columns;
};

// A file that is whole or not there, or standard output.
class Sink {
public:
    Sink(const std::string& path, CommandContext& context) : context_(context) {
        if (!path.empty() && path != "-") {
            file_.emplace(path);
        }
    }
    void write(const std::string& bytes) {
        file_ ? file_->write(bytes) : write_result("", bytes, context_);
    }
    void finish() {
        if (file_) {
            file_->commit();
        }
    }

private:
    CommandContext& context_;
    std::optional<AtomicFile> file_;
};

PredictionText::Format format_of(const std::string& path) {
    return path.ends_with(".npy") ? PredictionText::Format::npy : PredictionText::Format::csv;
}

void run(const PredictOptions& options, CommandContext& context) {
    keep_inputs(options.out, {options.model.model, options.model.data.data});
    const Model model = load_model(options.model.model, context.sources);
    Sink sink(options.out, context);
    const Dataset data = options.model.read(model, Target::unused, context);
    ModelSetup setup(model, options.model.threads, options.model.chosen_backend());
    Predictor predictor(setup, data);
    PredictionText text(predictor, options.columns, format_of(options.out), model.dtype);
    sink.write(text.head(data.rows));
    std::chrono::duration<double> computing{0};
    for (std::size_t first = 0; first < data.rows; first += predictor.most_rows()) {
        const std::size_t count = std::min(predictor.most_rows(), data.rows - first);
        const auto start = std::chrono::steady_clock::now();
        const std::span<const double> numbers = predictor.run(data, first, count);
        computing += std::chrono::steady_clock::now() - start;
        sink.write(text.rows(numbers));
    }
    sink.finish();
    if (options.model.verbose) {
        context.err << fmt::format("computed {} rows in {:.3f} s, {:.3g} rows/s\n", data.rows,
                                   computing.count(),
                                   static_cast<double>(data.rows) / computing.count());
    }
}

}  // namespace

void add_predict_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<PredictOptions>();
    CLI::App* command = app.add_subcommand("predict", "what a trained model answers, row by row");
    options->model.add_to(*command, false);
    command
        ->add_option("-o,--out", options->out,
                     "the file to write: NPY if its name ends in .npy, otherwise CSV (default: CSV "
                     "on standard output)")
        ->type_name("PATH");
    command
        ->add_option("--columns", options->columns,
                     "which columns to write, in this order, like class,p_yes (default: all)")
        ->type_name("NAMES")
        ->delimiter(',')
        ->allow_extra_args(false);
    command->footer(
        "Of classes: p_<class>, the probability of each, and class, the answer (in NPY its "
        "number);\n"
        "of numbers: a column of the target's name. The data's own target may be there or not.\n\n"
        "Example:\n  chainrule predict moons.safetensors --data new.csv -o answers.csv\n"
        "  chainrule predict moons.safetensors --data - --columns class < new.csv");
    command->callback([options, &context] { run(*options, context); });
}

}  // namespace chainrule
