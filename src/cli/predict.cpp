#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>
#include <ostream>

#include "cli/model_options.h"
#include "cli/stop_signals.h"
#include "data/atomic_file.h"
#include "data/csv_text.h"
#include "train/prediction_text.h"

namespace chainrule {
namespace {

struct PredictOptions {
    ModelOptions model;
    std::string out;
    std::string columns;
};

bool is_file(const std::string& path) { return !path.empty() && path != "-"; }

// A file that is whole or not there, or standard output.
class Sink {
public:
    Sink(const std::string& path, CommandContext& context) : context_(context) {
        if (is_file(path)) {
            file_.emplace(path);
        }
    }
    void write(const std::string& bytes) {
        file_ ? file_->write(bytes) : write_result("", bytes, context_);
    }
    // Over the first bytes, of a file.
    void write_over_start(const std::string& bytes) {
        if (file_) {
            file_->write_over_start(bytes);
        }
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

// The names of --columns, written as cells of CSV, because a class's label may hold a comma.
std::vector<std::string> chosen_columns(const std::string& columns) {
    if (columns.empty()) {
        return {};
    }
    const auto names = texts_of_csv_record(columns);
    if (!names) {
        throw UserError(
            fmt::format("--columns {} is no line of CSV: put a name that holds a comma "
                        "in quotes, and double the quotes inside",
                        columns));
    }
    return *names;
}

// Predicts part after part and writes each as soon as it is there.
class Prediction {
public:
    Prediction(const PredictOptions& options, const Model& model, const Dataset& first,
               std::optional<std::size_t> rows, Sink& sink)
        : setup_(model, options.model.threads, options.model.chosen_backend()),
          predictor_(setup_, first, rows),
          text_(predictor_, chosen_columns(options.columns), format_of(options.out), model.dtype),
          sink_(sink) {}

    // Before the first part, where their number is known; after the last, where it is not.
    void begin(std::optional<std::size_t> rows) { sink_.write(text_.head(rows.value_or(0))); }
    void finish(std::optional<std::size_t> rows) {
        if (!rows) {
            sink_.write_over_start(text_.head(rows_));
        }
        sink_.finish();
    }

    void add(const Dataset& part) {
        for (std::size_t first = 0; first < part.rows; first += predictor_.most_rows()) {
            const std::size_t count = std::min(predictor_.most_rows(), part.rows - first);
            const auto start = std::chrono::steady_clock::now();
            const std::span<const double> numbers = predictor_.run(part, first, count);
            computing_ += std::chrono::steady_clock::now() - start;
            sink_.write(text_.rows(numbers));
            count_unanswered(numbers);
        }
        rows_ += part.rows;
    }

    std::uint64_t unanswered() const { return unanswered_; }
    std::string pace() const {
        return fmt::format("computed {} rows in {:.3f} s, {:.3g} rows/s\n", rows_,
                           computing_.count(), static_cast<double>(rows_) / computing_.count());
    }

private:
    void count_unanswered(std::span<const double> numbers) {
        const std::size_t width = predictor_.columns().size();
        for (std::size_t first = 0; first < numbers.size(); first += width) {
            const auto row = numbers.subspan(first, width);
            unanswered_ += std::ranges::any_of(row, [](double x) { return std::isnan(x); }) ? 1 : 0;
        }
    }

    ModelSetup setup_;
    Predictor predictor_;
    PredictionText text_;
    Sink& sink_;
    std::size_t rows_ = 0;
    std::uint64_t unanswered_ = 0;
    std::chrono::duration<double> computing_{0};
};

void run(const PredictOptions& options, CommandContext& context) {
    keep_inputs(options.out, {options.model.model, options.model.data.data});
    const Model model = load_model(options.model.model, context.sources);
    const std::unique_ptr<ModelRows> rows = options.model.open(model, Target::unused);
    // A file that is not whole is taken away. Who waits for a pipe ends at once, as ever.
    std::optional<StopSignals> signals;
    if (is_file(options.out) && rows->count()) {
        signals.emplace();
    }
    Sink sink(options.out, context);
    Dataset part;
    if (!rows->next(part)) {
        throw UserError(rows->source() + " has no rows to predict");
    }
    Prediction prediction(options, model, part, rows->count(), sink);
    prediction.begin(rows->count());
    do {
        prediction.add(part);
    } while (StopSignals::seen() == 0 && rows->next(part));
    if (signals && StopSignals::seen() != 0) {
        context.err << "interrupted: nothing was written to " << options.out << "\n";
        context.exit_code = StopSignals::exit_code();
        return;
    }
    print_all(rows->said(), context);
    print_unanswered(prediction.unanswered(), rows->source(), context);
    prediction.finish(rows->count());
    if (options.model.verbose) {
        context.err << prediction.pace();
    }
}

}  // namespace

void add_predict_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<PredictOptions>();
    CLI::App* command = app.add_subcommand("predict", "what a trained model answers, row by row");
    options->model.add_to(*command, false);
    add_out_option(
        *command, options->out,
        "the file to write: NPY if its name ends in .npy, otherwise CSV (default: CSV on "
        "standard output)");
    command
        ->add_option("--columns", options->columns,
                     "which columns to write, in this order, as a line of CSV: class,p_yes, or "
                     "class,\"p_a, b\" (default: all)")
        ->type_name("NAMES")
        ->check(not_empty("name the columns to write, such as class, or leave it out for all"));
    command->footer(
        "Of classes: p_<class>, the probability of each (score_<class> where the outputs are "
        "none), "
        "and class,\n"
        "the answer (in NPY its number); of numbers: a column of the target's name; otherwise the "
        "outputs. The\n"
        "data's own target may be there or not.\n"
        "The data may be larger than memory. A file is read twice, and refused before the first "
        "answer where\n"
        "a row does not fit. A table through a pipe is answered while it comes, and a row whose "
        "writer waits at\n"
        "once, gzipped too. One that does not fit is refused before any answer where "
        "it comes with\n"
        "the first, up to 4,096; a later one when standard output has the answers of all rows "
        "before it. With\n"
        "-o the file is whole or not there, so that those answers are lost. Where the first row "
        "of a pipe has\n"
        "words that are not the names of training, say --header: up to 4,096 rows are waited for "
        "to see whether it\n"
        "is one.\n\n"
        "Example:\n  chainrule predict moons.safetensors --data new.csv -o answers.csv\n"
        "  chainrule predict moons.safetensors --data - --columns class < new.csv");
    command->callback([options, &context] { run(*options, context); });
}

}  // namespace chainrule
