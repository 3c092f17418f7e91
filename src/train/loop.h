// Training by minibatches: the optimiser moves the weights by the gradient of
//
//     total = batch_mean(loss) + penalties
//
// (or by the mean that the weights of the examples make of it, train/objective.h) at the rate that
// the schedule has for the epoch, by the loss of the validation part where it asks for one, else of
// the training part.
//
// An epoch visits every training row once, in the epoch's own seeded order, `batch` rows at a time;
// the last batch may be smaller. After each epoch the training part is evaluated as a whole, with
// the weights as they then are (not averaged while they change), and so is the validation part.
// Under DType::f32 the weights are rounded to single precision at the start and after every update,
// so that what is reported is what is saved; everything else is computed in double precision.
//
// The same seed gives the same bits: order and initial values are functions of it. So does going on
// from a state that an earlier training reported, wherever it was.
//
//     TrainResult result = train(network, options, {.training = data}, diagnostics);
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "elaborate/network.h"
#include "train/example_source.h"
#include "train/failure.h"
#include "train/recipe.h"
#include "train/train_state.h"

namespace chainrule {

// All parts with the network's inputs and target, preprocessed.
struct TrainingData {
    Dataset training;
    std::optional<Dataset> validation = std::nullopt;
    std::optional<Dataset> test = std::nullopt;
};

// The state that training ended with, and how good it is. Where training was interrupted, it is
// that after the last step; where a number stopped being finite, that at the end of the last
// completed epoch, or at the beginning.
struct TrainResult : TrainState {
    Metrics train;  // with the weights
    std::optional<Metrics> test;
    std::string computed_by;   // what computed (train/descent.h)
    std::string convergence;   // why there were no further epochs (train/descent.h); else empty
    bool interrupted = false;  // should_stop said so
    // Set where a number stopped being finite; failure_report (train/report.h) says what the
    // weights are too.
    std::optional<Diagnostic> failure;
    LeafValues
        failed_on;  // what makes it so without any other row, where one does (train/failure.h)
    // Set where the loss of the test part is not finite: why. Training is fine.
    std::optional<Failure> test_failure;
};

// How far training is, after each batch.
struct Progress {
    std::int64_t epoch = 0;
    std::int64_t epochs = 0;
    std::int64_t batch = 0;  // from 1
    std::int64_t batches = 0;
    std::int64_t rows = 0;  // of an epoch
};

// What the caller wants to be told and asked; each may be empty.
struct TrainHooks {
    std::function<void(const Progress&)> on_batch = {};
    // With the weights after the epoch.
    std::function<void(const EpochRecord&, std::span<const Tensor>)> on_epoch = {};
    // After every run of steps and every epoch: training could go on from here.
    std::function<void(const TrainState&)> on_state = {};
    std::function<void(const Symptom&)> on_symptom = {};  // once for each, when it is seen
    std::function<bool()> should_stop = {};
};

// Warnings go to `diagnostics`. UserError where there is nothing to train or to train on, or where
// a chosen batch is larger than the training part. `from` is a state of the same training: the same
// network, options and data, but for the number of epochs and of threads.
TrainResult train(const Network& network, const TrainOptions& options, const TrainingData& data,
                  Diagnostics& diagnostics, const TrainHooks& hooks = {},
                  std::optional<TrainState> from = std::nullopt);
TrainResult train(const Network& network, const TrainOptions& options, const TrainingSources& data,
                  Diagnostics& diagnostics, const TrainHooks& hooks = {},
                  std::optional<TrainState> from = std::nullopt);

// Refers to the data.
TrainingSources sources_of(const Network& network, const TrainingData& data);

}  // namespace chainrule
