// What the metadata of a checkpoint says of the training (train/checkpoint.h). Reading throws
// nlohmann::json::exception or std::runtime_error where the object is not of its form or says what
// cannot be.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "train/data_mark.h"
#include "train/recipe.h"
#include "train/train_state.h"

namespace chainrule {

nlohmann::ordered_json recipe_json(const TrainOptions& options);
TrainOptions options_of_json(const nlohmann::ordered_json& json);

// Of the state the batch and the schedule.
nlohmann::ordered_json position_json(const TrainState& state);
void set_position(TrainState& state, const nlohmann::ordered_json& json);

nlohmann::ordered_json mark_json(const DataMark& mark);
DataMark mark_of_json(const nlohmann::ordered_json& json);

}  // namespace chainrule
