// Where training stands. With the network, the options and the data it is all that the rest of the
// training depends on: going on from it gives the same bits as never having stopped. Random numbers
// are functions of the seed, an option, and of the place, so that none are kept here.
//
//     TrainState state = load_checkpoint("model.safetensors", sources).state;
//     TrainResult result = train(network, options, data, diagnostics, hooks, std::move(state));
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ir/tensor.h"
#include "lang/diagnostic.h"
#include "optim/schedule.h"
#include "train/metrics.h"

namespace chainrule {

struct EpochRecord {
    std::int64_t epoch = 0;  // from 1
    Metrics train;
    std::optional<Metrics> validation;
    double rate = 0;  // of the epoch's last step
};

// What the steps change: one tensor per weight of the network, one per state of the optimiser.
struct Trained {
    std::vector<Tensor> weights;
    std::vector<Tensor> states;
};

// The epoch with the smallest loss so far, of the held-out part where there is one, else of the
// training part.
struct BestEpoch {
    std::int64_t epoch = 0;  // 0: not looked for, or none yet
    double loss = 0;
    std::vector<Tensor> weights;
};

// Something that is wrong with a training, though its numbers are finite (train/symptoms.h).
struct Symptom {
    std::string name;        // dead_units
    std::int64_t epoch = 0;  // at whose end it was seen; 0: before the first
    std::string message;
    Span span = {};  // in the network; not kept in files
};

struct SymptomState {
    std::vector<Symptom> told;
    // Over the sample, before the first step.
    double first_loss = 0;
    double first_gradient = 0;  // its length
};

// Steps that were left out, as they would have made a NaN or an infinity (train/skipped_steps.h).
struct SkippedSteps {
    std::int64_t count = 0;
    std::int64_t in_epoch = 0;  // of the epoch that is under way
    std::int64_t first = 0;     // the first one, from 1
    std::string why;  // "at step 3 (epoch 1, batch 3): h is the first value that is not finite"
};

struct TrainState {
    std::vector<EpochRecord> epochs;  // those completed; of very many the latest
    std::int64_t batch = 0;           // of the epoch that is under way: batches that are done
    std::vector<Tensor> weights;      // one per weight of the network
    std::vector<Tensor> states;       // of the optimiser, one per name (train/descent.h)
    std::vector<std::string> state_names;
    ScheduleState schedule;  // `epoch` counts all that are completed
    Trained kept;            // at the end of the last completed epoch: what a failure goes back to
    BestEpoch best;          // of training with patience
    SkippedSteps skipped;
    SymptomState symptoms;

    // What the model is: with patience the weights of the best epoch, else the last.
    const std::vector<Tensor>& model_weights() const {
        return best.weights.empty() ? weights : best.weights;
    }
};

}  // namespace chainrule
