// Metrics for people and for programs.
//
//     metrics_heading(metrics);      //       loss accuracy precision   recall ...
//     metrics_columns(metrics);      //    0.10536  97.50 %     0.975      0.9 ...
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "train/metrics.h"

namespace chainrule {

// A column for each number that there is; of no kind of target are they wider than 66 characters.
// The last ones are left out where that is more than `width`.
std::string metrics_heading(const Metrics& metrics, std::size_t width = SIZE_MAX);
std::string metrics_columns(const Metrics& metrics, std::size_t width = SIZE_MAX);

// `loss 0.105361, accuracy 97.50 %, precision 0.975`.
std::string metrics_line(const Metrics& metrics);

// Each number that there is, loss first: {"accuracy", "97.50 %"}.
std::vector<std::pair<std::string, std::string>> metric_texts(const Metrics& metrics);

// The names of the answers; those without a label are their numbers.
std::vector<std::string> class_names(std::size_t classes, const std::vector<std::string>& labels);

// A line for each number, then the confusion matrix, a row for each class, under the names of the
// answers. `labels` are the names of the classes; empty where they are their own.
std::string metrics_lines(const Metrics& metrics, const std::vector<std::string>& labels);

// {"loss": 0.1, "accuracy": 0.975, ..., "confusion": [[2, 0], [1, 3]]}, the matrix up to so many
// classes.
nlohmann::ordered_json metrics_json(const Metrics& metrics, std::size_t most_classes = SIZE_MAX);

}  // namespace chainrule
