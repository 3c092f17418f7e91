// The log of a training for TensorBoard, `train --log DIR`: a folder per part, so that TensorBoard
// draws the curves of a metric in one chart.
//
//     DIR/train        per epoch: loss, metrics, learning_rate, and the histograms weights/NAME and
//                      gradients/NAME (train/gradient_sample.h); once: the graph of the objective
//     DIR/validation   per epoch: loss and metrics, where rows are held out
//     DIR/test         loss and metrics with the final weights, at the last epoch
//
// A dot in a weight's name becomes a slash. What is not finite is left out of scalars, as
// TensorBoard has no place for it.
//
//     TrainingLog log("runs/first", network, options, *sources.training);
//     hooks.on_epoch = [&](const EpochRecord& epoch, auto weights) { log.write(epoch, weights); };
//     log.finish(result);
//
// UserError where it cannot be written.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>

#include "backend/thread_pool.h"
#include "train/event_file.h"
#include "train/gradient_sample.h"
#include "train/loop.h"

namespace chainrule {

class TrainingLog {
public:
    // All of these must outlive it.
    TrainingLog(const std::string& folder, const Network& network, const TrainOptions& options,
                const ExampleSource& training);

    void write(const EpochRecord& record, std::span<const Tensor> weights);
    void finish(const TrainResult& result);

private:
    EventFile& file_of(const std::string& part, std::int64_t step);
    void add_histograms(const std::string& group, std::span<const Tensor> tensors,
                        std::vector<Summary>& summaries) const;

    std::string folder_;
    const Network& network_;
    Objective objective_;
    ThreadPool pool_;
    TrainSetup setup_;
    GradientSample gradients_;
    std::map<std::string, std::unique_ptr<EventFile>> files_;  // by the part
};

// Whether files can be made in the folder, or the folder itself; UserError where not. Makes it.
void check_log_folder(const std::string& folder);

}  // namespace chainrule
