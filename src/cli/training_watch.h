// What `train` shows of itself while it trains: the bar, the table, and the log for TensorBoard.
//
//     TrainingWatch watch({network, options, sources, "runs/first", quiet}, context);
//     TrainResult result = train(network, options, sources, diagnostics, watch.hooks());
//     watch.finish(result);
//
// A log that can no longer be written (the disk is full) does not end the training: the error is
// printed, the rest is not logged, and the exit code is 1. Without standard output training is
// asked to stop, so that what was learnt is saved; whoever writes the result then fails.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/progress_bar.h"
#include "train/loop.h"
#include "train/training_log.h"

namespace chainrule {

struct WatchedTraining {
    const Network& network;
    const TrainOptions& options;
    const TrainingSources& data;
    std::string log_folder;  // empty: no log
    bool quiet = false;      // no table
};

class TrainingWatch {
public:
    TrainingWatch(const WatchedTraining& training, CommandContext& context);

    // To which the caller may add. The watch must outlive them.
    TrainHooks hooks();
    void finish(const TrainResult& result);
    bool has_lost_output() const { return has_lost_output_; }

private:
    void show_symptom(const Symptom& symptom);
    void show_epoch(const EpochRecord& record, std::span<const Tensor> weights);
    void log(const std::function<void(TrainingLog&)>& write);

    WatchedTraining training_;
    CommandContext& context_;
    ProgressBar bar_;
    bool has_heading_ = false;
    bool has_lost_output_ = false;
    std::unique_ptr<TrainingLog> log_;
};

}  // namespace chainrule
