// What training learnt of its data, as a model file keeps it:
//
//     {"scale": "standard", "missing": "impute", "header": true, "target": ["kind"],
//      "first_target": 4, "columns": [...], "encodings": [{"column": "colour", "width": 3,
//      "categories": ["blue", "red"]}, ...], "means": [...], "deviations": [...], "fills": [...],
//      "labels": [...]}
//
// A column of the width 1 without categories is a number, one of the width 0 is not used.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "train/training_data.h"

namespace chainrule {

nlohmann::ordered_json learnt_json(const LearntData& learnt);

// Throws nlohmann::json::exception or std::runtime_error where the object is not of this form, or
// contradicts itself.
LearntData learnt_of_json(const nlohmann::ordered_json& json);

}  // namespace chainrule
