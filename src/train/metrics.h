// How good answers are: the objective and the numbers that scikit-learn gives for the same answers.
//
// Of classes: accuracy, precision, recall, F1, the area under the ROC curve, the log loss and the
// confusion matrix. With two classes precision, recall and F1 are those of the positive class,
// which is class 1; with more they are macro averages over the classes that occur among the labels
// or the answers, and the area is the mean over the classes, each against the rest. Of numbers:
// RMSE, MAE and R2, means over the elements of the target.
//
//     for (const MetricField& field : metric_fields()) print(field.heading, metrics.*field.value);
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace chainrule {

struct Metrics {
    double loss = 0;                       // the objective: the mean loss plus penalties
    std::optional<double> accuracy = {};   // in 0 .. 1, as the three that follow
    std::optional<double> precision = {};  // 0 where nothing was answered with the class
    std::optional<double> recall = {};     // 0 where nothing is of the class
    std::optional<double> f1 = {};         //
    std::optional<double> roc_auc = {};    // NaN where a class does not occur, or all are of it
    std::optional<double> log_loss = {};   // none where the network tells no probabilities
    std::optional<double> rmse = {};       //
    std::optional<double> mae = {};        //
    std::optional<double> r2 = {};         // NaN of less than two rows
    std::vector<std::vector<std::uint64_t>> confusion = {};  // [of the class][answered with]
    std::uint64_t unanswered =
        0;  // rows whose answer is NaN: wrong, and in no column of the matrix
};

// A number of Metrics besides the loss.
struct MetricField {
    std::string_view key;      // in JSON
    std::string_view heading;  // of a column
    std::optional<double> Metrics::* value;
    bool is_percentage = false;
};

// The only list of them.
std::span<const MetricField> metric_fields();

}  // namespace chainrule
