// Training by minibatches: the optimiser moves the weights by the gradient of
//
//     total = batch_mean(loss) + penalties
//
// at the rate that the schedule has for the epoch, by the loss of the validation part where it asks for
// one, else of the training part.
//
// An epoch visits every training row once, in the epoch's own seeded order, `batch` rows at a time;
// the last batch may be smaller. After each epoch the training part is evaluated as a whole, with the
// weights as they then are (not averaged while they change), and so is the validation part. Under
// DType::f32 the weights are rounded to single precision at the start and after every update, so that
// what is reported is what is saved; everything else is computed in double precision.
//
// The same seed gives the same bits: order and initial values are functions of it.
//
//     TrainResult result = train(network, options, {.training = data}, diagnostics);
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "elaborate/network.h"
#include "train/example_source.h"
#include "train/metrics.h"
#include "train/recipe.h"

namespace chainrule {

// All parts with the network's inputs and target, preprocessed.
struct TrainingData {
    Dataset training;
    std::optional<Dataset> validation = std::nullopt;
    std::optional<Dataset> test = std::nullopt;
};

struct EpochRecord {
    std::int64_t epoch = 0;  // from 1
    Metrics train;
    std::optional<Metrics> validation;
};

struct TrainResult {
    std::vector<EpochRecord> epochs;  // those completed
    Metrics train;                    // with the weights below
    std::optional<Metrics> test;
    std::vector<Tensor> weights;  // one per weight of the network
    std::string computed_by;      // what computed (train/descent.h)
    bool interrupted = false;     // should_stop said so; the weights are those of the last step
    // Set where a number stopped being finite. The weights are then those at the end of the last
    // completed epoch, or the initial ones.
    std::optional<Diagnostic> failure;
};

// How far training is, after each batch.
struct Progress {
    std::int64_t epoch = 0;
    std::int64_t epochs = 0;
    std::int64_t batch = 0;  // from 1
    std::int64_t batches = 0;
};

// What the caller wants to be told and asked; each may be empty.
struct TrainHooks {
    std::function<void(const Progress&)> on_batch = {};
    std::function<void(const EpochRecord&)> on_epoch = {};
    std::function<bool()> should_stop = {};
};

// Warnings go to `diagnostics`. UserError where there is nothing to train or to train on, or where a
// chosen batch is larger than the training part.
TrainResult train(const Network& network, const TrainOptions& options, const TrainingData& data,
                  Diagnostics& diagnostics, const TrainHooks& hooks = {});
TrainResult train(const Network& network, const TrainOptions& options, const TrainingSources& data,
                  Diagnostics& diagnostics, const TrainHooks& hooks = {});

// Refers to the data.
TrainingSources sources_of(const Network& network, const TrainingData& data);

}  // namespace chainrule
