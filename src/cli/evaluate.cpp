#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "cli/model_options.h"
#include "train/assessor.h"
#include "train/class_scores.h"
#include "train/metrics_text.h"

namespace chainrule {
namespace {

struct EvaluateOptions {
    ModelOptions model;
    bool json = false;
};

std::string as_json(std::size_t rows, const Metrics& metrics, const LearntData& learnt) {
    nlohmann::ordered_json json;
    json["rows"] = rows;
    json.update(metrics_json(metrics));
    if (!learnt.labels.empty()) {
        json["classes"] = learnt.labels;
    }
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

struct Evaluated {
    std::size_t rows = 0;
    Metrics metrics = {};
};

Evaluated evaluate(const EvaluateOptions& options, const Model& model, CommandContext& context) {
    const std::unique_ptr<ModelRows> rows = options.model.open(model, Target::wanted);
    ModelSetup setup(model, options.model.threads, options.model.chosen_backend());
    Assessor assessor(setup.train_setup(), setup.rule());
    assessor.set_weights(model.weights);
    Evaluated found;
    const auto visit_parts = [&](const ExampleSource::Visitor& visitor) {
        for (Dataset part; rows->next(part); found.rows += part.rows) {
            if (!are_of_kind(model.network, model.answer, part.targets)) {
                throw UserError(rows->source() +
                                ": the target holds other numbers than the classes that the model "
                                "was trained on");
            }
            visitor(part);
        }
        if (found.rows == 0) {
            throw UserError(rows->source() + " has no rows to evaluate the model on");
        }
    };
    found.metrics = assessor.assess(visit_parts, ClassScores::usually_kept);
    print_all(rows->said(), context);
    print_unanswered(found.metrics.unanswered, rows->source(), context);
    return found;
}

void run(const EvaluateOptions& options, CommandContext& context) {
    const Model model = load_model(options.model.model, context.sources);
    const auto [rows, metrics] = evaluate(options, model, context);
    const std::string text = options.json ? as_json(rows, metrics, model.learnt)
                                          : fmt::format("{:<10}{}\n", "rows", rows) +
                                                metrics_lines(metrics, model.learnt.labels);
    write_result("", text, context);
}

}  // namespace

void add_evaluate_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<EvaluateOptions>();
    CLI::App* command = app.add_subcommand("evaluate", "measures a trained model on data");
    options->model.add_to(*command, true);
    command->add_flag("--json", options->json, "print one JSON object");
    command->footer(
        "Of classes: accuracy, precision, recall, F1, ROC AUC, log loss and the confusion matrix;\n"
        "of numbers: RMSE, MAE and R2; as scikit-learn gives them, macro averages where there are\n"
        "more than two classes.\n\n"
        "Example:\n  chainrule evaluate moons.safetensors --data test.csv --json");
    command->callback([options, &context] { run(*options, context); });
}

}  // namespace chainrule
