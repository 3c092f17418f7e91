// What training has to say: a line of text per epoch, the trained weights, and the object that
// `train --json` prints:
//
//     {"epochs": [{"epoch": 1, "train": {"loss": 0.7, "accuracy": 0.5}, "validation": {...}}, ...],
//      "final": {"train": {...}, "test": {...}}, "weights": {"w1": 0.3, ...}}
//
// The metrics (train/metrics.h), `validation` and `test` are there where they exist, `confusion` up to
// 20 classes, `weights` up to 1,000 numbers in all. Training that ended early says so in "stopped". Numbers read back to the same double; one that
// is not finite is a string (render/json_numbers.h).
#pragma once

#include <string>

#include "train/loop.h"

namespace chainrule {

// `training on 1098 rows, 274 held out`.
std::string data_line(const TrainingSources& data);

// The columns of epoch_line().
std::string epoch_heading(const EpochRecord& record);
std::string epoch_line(const EpochRecord& record);

// The closing lines: the metrics of the test part, where there is one, and the weights.
// Empty where training failed before its first epoch was complete.
std::string report_text(const Network& network, const TrainResult& result);

std::string report_json(const Network& network, const TrainResult& result);

}  // namespace chainrule
