#include "train/cross_validation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <span>

#include "data/wording.h"
#include "train/bind_request.h"
#include "train/history_json.h"
#include "train/metrics_text.h"
#include "train/report.h"

namespace chainrule {
namespace {

// Of some number of each fold.
struct Spread {
    double mean = 0;
    double deviation = 0;
};

Spread spread_of(std::span<const double> numbers) {
    Spread spread;
    const auto count = static_cast<double>(numbers.size());
    for (const double x : numbers) {
        spread.mean += x / count;
    }
    for (const double x : numbers) {
        spread.deviation += (x - spread.mean) * (x - spread.mean) / count;
    }
    spread.deviation = std::sqrt(spread.deviation);
    return spread;
}

void add_confusion(Metrics& sum, const Metrics& more) {
    sum.confusion.resize(more.confusion.size(), std::vector<std::uint64_t>(more.confusion.size()));
    for (std::size_t i = 0; i < more.confusion.size(); ++i) {
        std::ranges::transform(sum.confusion[i], more.confusion[i], sum.confusion[i].begin(),
                               std::plus());
    }
}

void summarise(CrossValidation& result) {
    const auto spread = [&](const auto& number_of) {
        std::vector<double> numbers;
        for (const FoldRecord& fold : result.folds) {
            numbers.push_back(number_of(fold.metrics));
        }
        return spread_of(numbers);
    };
    const Spread loss = spread([](const Metrics& metrics) { return metrics.loss; });
    result.mean.loss = loss.mean;
    result.deviation.loss = loss.deviation;
    for (const MetricField& field : metric_fields()) {
        const auto has_field = [&](const FoldRecord& fold) {
            return (fold.metrics.*field.value).has_value();
        };
        if (std::ranges::all_of(result.folds, has_field)) {
            const Spread found =
                spread([&](const Metrics& metrics) { return *(metrics.*field.value); });
            result.mean.*field.value = found.mean;
            result.deviation.*field.value = found.deviation;
        }
    }
    for (const FoldRecord& fold : result.folds) {
        add_confusion(result.mean, fold.metrics);
    }
    result.deviation.confusion = result.mean.confusion;
}

nlohmann::ordered_json diagnostic_json(const Diagnostic& diagnostic) {
    nlohmann::ordered_json json{{"message", diagnostic.message},
                                {"notes", nlohmann::ordered_json::array()}};
    for (const Note& note : diagnostic.notes) {
        json["notes"].push_back(note.message);
    }
    return json;
}

Diagnostic in_fold(std::size_t fold, Diagnostic diagnostic) {
    diagnostic.message = fmt::format("fold {}: {}", fold + 1, diagnostic.message);
    return diagnostic;
}

class Folds {
public:
    Folds(const Network& network, const TrainOptions& options, std::size_t folds,
          const FoldHooks& hooks)
        : network_(network), options_(options), folds_(folds), hooks_(hooks) {
        options_.split = 0;
    }

    CrossValidation run(const DataRequest& request) {
        bind_request_of(network_, options_.missing);  // what it refuses needs no reading
        const RawExamples raw = read_raw_examples(request.data, request.labels, request.format);
        for (std::size_t fold = 0; fold < folds_; ++fold) {
            Diagnostics diagnostics;
            const PreparedData data = prepare(raw, request, fold, diagnostics);
            say(diagnostics);
            if (!train_on(data.parts, fold)) {
                return std::move(result_);
            }
        }
        summarise(result_);
        return std::move(result_);
    }

private:
    PreparedData prepare(const RawExamples& raw, const DataRequest& request, std::size_t fold,
                         Diagnostics& diagnostics) {
        const auto choose_sides = [&](const Dataset& bound, const TargetClasses& classes) {
            return sides_of(fold, bound, options_.stratify ? classes : TargetClasses{});
        };
        PreparedData data =
            prepare_examples(network_, raw, request, options_, choose_sides, diagnostics);
        // Training is not to see the fold.
        data.parts.test = std::move(data.parts.validation);
        data.parts.test->weights.clear();
        data.parts.validation.reset();
        return data;
    }

    std::optional<Split> sides_of(std::size_t fold, const Dataset& bound,
                                  const TargetClasses& classes) {
        const std::vector<std::uint32_t> of_rows = classes_of(bound, classes);
        const std::vector<std::size_t> folds = folds_of_rows(of_rows, folds_, options_.seed);
        warn_of_small_classes(of_rows, bound.labels, classes);
        Split split;
        for (std::size_t row = 0; row < folds.size(); ++row) {
            (folds[row] == fold ? split.held_out : split.training).push_back(row);
        }
        return split;
    }

    void warn_of_small_classes(std::span<const std::uint32_t> of_rows,
                               const std::vector<std::string>& labels,
                               const TargetClasses& classes) {
        const std::vector<std::string> names = class_names(classes.count, labels);
        for (std::size_t k = 0; k < classes.count; ++k) {
            const auto rows = static_cast<std::size_t>(std::ranges::count(of_rows, k));
            if (rows > 0 && rows < folds_) {
                say(
                    warning(fmt::format("class {} has {}, fewer than the {} folds: some have none "
                                        "of it",
                                        names[k], counted(rows, "row"), folds_)));
            }
        }
    }

    // False where there are to be no further folds.
    bool train_on(const TrainingData& parts, std::size_t fold) {
        Diagnostics diagnostics;
        TrainHooks hooks = hooks_.train;
        hooks.on_symptom = [&](const Symptom& symptom) {
            say(in_fold(fold, {Severity::warning, symptom_text(symptom), symptom.span, {}}),
                symptom.name);
        };
        TrainResult trained = train(network_, options_, parts, diagnostics, hooks);
        say(diagnostics);
        if (trained.skipped.count > 0) {
            say(in_fold(fold, warning(skipped_text(trained.skipped))));
        }
        if (trained.interrupted || trained.failure) {
            result_.interrupted = trained.interrupted;
            if (trained.failure) {
                result_.failure = in_fold(fold, std::move(*trained.failure));
                result_.failed_on = std::move(trained.failed_on);
            }
            return false;
        }
        std::optional<Diagnostic> not_finite;
        if (trained.test_failure) {
            const double loss = trained.test->loss;
            not_finite = in_fold(
                fold, warning_of_loss(
                          network_, fmt::format("the loss of its rows is {}", format_number(loss)),
                          *trained.test_failure));
            say(*not_finite);
        }
        result_.folds.push_back({.fold = fold + 1,
                                 .training_rows = parts.training.rows,
                                 .rows = parts.test->rows,
                                 .metrics = *trained.test,
                                 .symptoms = std::move(trained.symptoms.told),
                                 .skipped = std::move(trained.skipped),
                                 .not_finite = std::move(not_finite)});
        if (hooks_.on_fold) {
            hooks_.on_fold(result_.folds.back());
        }
        return true;
    }

    void say(const Diagnostics& diagnostics) {
        for (const Diagnostic& diagnostic : diagnostics.items()) {
            say(diagnostic);
        }
    }

    void say(const Diagnostic& diagnostic) { say(diagnostic, diagnostic.message); }

    // Once for each `key`.
    void say(const Diagnostic& diagnostic, const std::string& key) {
        if (said_.insert(key).second && hooks_.on_diagnostic) {
            hooks_.on_diagnostic(diagnostic);
        }
    }

    const Network& network_;
    TrainOptions options_;
    std::size_t folds_;
    const FoldHooks& hooks_;
    std::set<std::string> said_;
    CrossValidation result_;
};

}  // namespace

CrossValidation cross_validate(const Network& network, const TrainOptions& options,
                               const DataRequest& request, std::size_t folds,
                               const FoldHooks& hooks) {
    if (!takes_data(network)) {
        throw UserError(network.file +
                        " has neither input nor target, so that there are no rows to deal out: "
                        "leave out --folds");
    }
    return Folds(network, options, folds, hooks).run(request);
}

std::string fold_heading(const FoldRecord& record) {
    return fmt::format("fold {:>8}{}\n", "rows", metrics_heading(record.metrics));
}

std::string fold_line(const FoldRecord& record) {
    return fmt::format("{:>4} {:>8}{}\n", record.fold, record.rows,
                       metrics_columns(record.metrics));
}

std::string fold_summary(const CrossValidation& result) {
    return fmt::format("{:>4} {:>8}{}\n{:>4} {:>8}{}\n", "mean", "", metrics_columns(result.mean),
                       "std", "", metrics_columns(result.deviation));
}

std::string folds_json(const CrossValidation& result) {
    nlohmann::ordered_json json;
    json["folds"] = nlohmann::ordered_json::array();
    for (const FoldRecord& fold : result.folds) {
        nlohmann::ordered_json one{
            {"fold", fold.fold}, {"training_rows", fold.training_rows}, {"rows", fold.rows}};
        one.update(metrics_json(fold.metrics));
        one.update(trouble_json(fold.symptoms, fold.skipped));
        if (fold.not_finite) {
            one["not_finite"] = diagnostic_json(*fold.not_finite);
        }
        json["folds"].push_back(std::move(one));
    }
    if (result.interrupted || result.failure) {
        json["stopped"] = result.failure ? result.failure->message : "interrupted";
    } else {
        json["mean"] = metrics_json(result.mean, 0);
        json["std"] = metrics_json(result.deviation, 0);
    }
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace chainrule
