// k-fold cross-validation: the rows are dealt out to folds, by class where the target tells classes
// (data/split.h), and for each fold a network is trained on the others and measured on it. Of the
// fold nothing is learnt: scales, categories and class weights are those of the training part, and
// patience and schedules look at its loss too. All folds begin at the same initial weights; which
// row is in which fold is a function of the seed.
//
//     CrossValidation result = cross_validate(network, options, {.data = "iris.csv"}, 5, hooks);
//     result.mean.accuracy, result.deviation.accuracy
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "train/loop.h"
#include "train/training_data.h"

namespace chainrule {

struct FoldRecord {
    std::size_t fold = 0;  // from 1
    std::size_t training_rows = 0;
    std::size_t rows = 0;           // of the fold
    Metrics metrics;                // of the fold, as of a test file
    std::vector<Symptom> symptoms;  // of the training, and the steps that it left out
    SkippedSteps skipped;
    std::optional<Diagnostic> not_finite = std::nullopt;  // why the loss of the fold is not finite
};

struct CrossValidation {
    std::vector<FoldRecord> folds;  // those completed
    // Of each number over all folds, and its standard deviation, as NumPy's std() (divided by the
    // number of folds); the confusion matrix of both is that of all rows. None of folds that are
    // not all there.
    Metrics mean;
    Metrics deviation;
    bool interrupted = false;
    std::optional<Diagnostic> failure;  // of the training of a fold, which it names
    LeafValues failed_on;               // as of a training (train/loop.h)
};

struct FoldHooks {
    // Each message once, and each symptom by its name, of the first fold that has it.
    std::function<void(const Diagnostic&)> on_diagnostic = {};
    std::function<void(const FoldRecord&)> on_fold = {};
    TrainHooks train = {};  // of each training
};

// UserError of prepare_data and train, and for fewer than 2 folds or more than rows.
CrossValidation cross_validate(const Network& network, const TrainOptions& options,
                               const DataRequest& request, std::size_t folds,
                               const FoldHooks& hooks);

// A heading, a line per fold, and the lines of mean and deviation:
//
//     fold     rows       loss accuracy
//        1       30    0.05214  96.67 %
//     mean             0.06100  95.33 %
//      std             0.01204   1.63 %
std::string fold_heading(const FoldRecord& record);
std::string fold_line(const FoldRecord& record);
std::string fold_summary(const CrossValidation& result);

// {"folds": [{"fold": 1, "training_rows": 120, "rows": 30, "loss": ..}, ..], "mean": {..}, "std":
// {..}}; the last two where all folds are there, and "stopped" where they are not. Of a fold
// "symptoms" and "skipped" too, where it has them (train/history_json.h), and "not_finite":
// {"message": .., "notes": [..]} where its loss is not.
std::string folds_json(const CrossValidation& result);

}  // namespace chainrule
