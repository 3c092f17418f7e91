// The history of a training as JSON, in what `train --json` prints and in model files:
//
//     [{"epoch": 1, "rate": 0.1, "train": {"loss": 0.7, "accuracy": 0.5, ...},
//       "validation": {...}}, ...]
//
// Numbers read back to the same double (render/json_numbers.h). Confusion matrices are there up to
// 20 classes.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "train/train_state.h"

namespace chainrule {

// A matrix of more classes is not repeated after every epoch.
inline constexpr std::size_t most_recorded_classes = 20;

nlohmann::ordered_json epoch_json(const EpochRecord& record);
// Throws nlohmann::json::exception or std::runtime_error where it is not of this form.
EpochRecord epoch_of_json(const nlohmann::ordered_json& json);

// [{"name": "dead_units", "epoch": 3, "message": "70 of 128 units ..."}]
nlohmann::ordered_json symptoms_json(const std::vector<Symptom>& symptoms);
// {"symptoms": as above, "skipped": {"steps": 2, "first": {"step": 1, "message": "at step 1 (epoch
// 1, ..."}}}; each where there are any.
nlohmann::ordered_json trouble_json(const std::vector<Symptom>& symptoms,
                                    const SkippedSteps& skipped);
std::vector<Symptom> symptoms_of_json(const nlohmann::ordered_json& json);

// The records as one text; of more than `most_bytes` only the latest ones.
std::string history_text(const std::vector<EpochRecord>& epochs, std::size_t most_bytes);

}  // namespace chainrule
