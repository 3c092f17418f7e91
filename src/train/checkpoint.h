// A checkpoint: a model file (train/model_file.h), which all that takes models takes, with what it
// takes to train it further. Besides the weights it holds the optimiser's states and, in the middle
// of an epoch, what a failure goes back to; with patience the weights of the model are those of the
// best epoch, and the last ones stand beside them. Their names have a /, which no weight's has:
//
//     optimizer/adam.m.W       the state adam.m.W
//     kept/W                   at the end of the last completed epoch: the weight W
//     kept/optimizer/adam.m.W                                          the state
//     last/W                   with patience: the weight W that training goes on from
//
// and in the metadata
//
//     recipe     JSON: {"optimizer": {"name": "adam", "beta1": 0.9, ...}, "rate": 0.001,
//                "epochs": 10, ...}, the settings of a `train` statement
//     history    JSON, see train/history_json.h; of more than 64 MB the latest epochs
//     position   JSON: {"epoch": 3, "batch": 17, "rate": 0.001, "best": 0.2, "waited": 1,
//                "best_epoch": 0, "best_loss": 0, "symptoms": {"told": [...], "first_loss": 0.7,
//                "first_gradient": 0.1}, "skipped": {...}}: the epochs completed, the batches done
//                of the next one, what the schedule keeps, the best epoch, what was told of
//                symptoms, and which steps were left out, if any were
//     data       JSON: {"rows": 60000, "held_out": 0, "window": 60000, "crc32": 305419896}
//                (train/data_mark.h)
//
// Random numbers are functions of the seed and the position.
//
//     save_checkpoint("m.safetensors", model, {options, state, mark_of(sources)});
//     Checkpoint checkpoint = load_checkpoint("m.safetensors", sources);
#pragma once

#include <string>

#include "train/data_mark.h"
#include "train/model_file.h"

namespace chainrule {

struct TrainingSoFar {
    const TrainOptions& recipe;
    const TrainState& state;
    DataMark data;
};

// As save_model(); the weights of `model` are the state's model_weights().
void save_checkpoint(const std::string& path, const TrainedModel& model,
                     const TrainingSoFar& training);

struct Checkpoint {
    Model model;  // its weights are in the state
    NetworkText text;
    TrainOptions recipe;
    TrainState state;
    DataMark data;
};

// As load_model(); UserError too where the state is not one of this network under this recipe,
// listing all tensors that are wrong, and for a model without one.
Checkpoint load_checkpoint(const std::string& path, SourceMap& sources);

}  // namespace chainrule
