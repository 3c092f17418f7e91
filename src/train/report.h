// What training has to say: a line of text per epoch (two where rows are held out), the trained
// weights, and the object that `train --json` prints:
//
//     {"epochs": [{"epoch": 1, "rate": 0.1, "train": {"loss": 0.7, "accuracy": 0.5},
//                  "validation": {...}}, ...],
//      "final": {"train": {...}, "test": {...}}, "weights": {"w1": 0.3, ...}}
//
// The metrics (train/metrics.h), `validation` and `test` are there where they exist, `confusion` at
// the end and, up to 20 classes, of every epoch, `weights` up to 1,000 numbers in all. Training
// that ended early says so in "stopped". Numbers read back to the same double; one that is not
// finite is a string (render/json_numbers.h). What is wrong with it stands in "symptoms": [{"name":
// "dead_units", "epoch": 3, "message": ...}] (train/symptoms.h), which steps were left out in
// "skipped": {"steps": 3, "first": {"step": 7, "message": "at step 7 (...): h is ..."}}.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "train/loop.h"

namespace chainrule {

// `training on 1098 rows, 274 held out`.
std::string data_line(const TrainingSources& data);

// A table in at most 80 columns, every metric of both parts; in less than 80, those that fit:
//
//     epoch               loss accuracy precision   recall       F1  ROC AUC log loss
//         1 training   0.69315  50.00 %       0.5      0.5      0.5      0.5   0.6931
//           held out   0.69315  50.00 %       0.5      0.5      0.5      0.5   0.6931
std::string epoch_heading(const EpochRecord& record, std::size_t width = SIZE_MAX);
std::string epoch_lines(const EpochRecord& record, std::size_t width = SIZE_MAX);

// `after epoch 3: 70 of 128 units of h are dead: ...`; before the first epoch the message alone.
std::string symptom_text(const Symptom& symptom);

// `skipped 2 steps that would have made a NaN or an infinity, the first at step 1 (epoch 1, batch
// 1): ...`.
std::string skipped_text(const SkippedSteps& skipped);

// Why training failed, and what its weights are; it has failed.
Diagnostic failure_report(const TrainResult& result);

// The closing lines: the metrics of the test part, where there is one, and the weights.
// Empty where training failed before its first epoch was complete.
std::string report_text(const Network& network, const TrainResult& result);

std::string report_json(const Network& network, const TrainResult& result);

}  // namespace chainrule
