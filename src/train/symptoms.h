// What is wrong with a training whose numbers are finite: symptoms that people who train networks
// know, each told once, in a sentence that says where it is seen and what helps. False alarms are
// worse than silence, so that the thresholds (in the files of the tests, with their sources) are
// far from what healthy networks do.
//
//     identical_units       all hidden units of a value are the same and stay the same (a weight
//                           begins as a constant)
//     unscaled_inputs       what a product takes of the inputs is of very different or very large
//                           magnitude
//     targets_out_of_range  a binary loss gets targets that are no probabilities
//     exploding_values      the values of a layer are a huge multiple of those of the first one
//     dead_units            relu units that are 0 on every row
//     saturated_units       sigmoid or tanh units whose derivative is tiny on nearly every row
//     vanishing_gradients   the gradient of the first layer is a tiny part of the last one's, or
//                           that of all is as good as 0
//     exploding_gradients   it is a huge multiple of the last one's, or of what it was at the
//                           beginning
//     rate_too_large        the loss rises, that of the sample or that of all rows, each compared
//                           with itself
//
// It looks at the loss after every epoch, and at units and gradients over one fixed sample of rows
// before the first and after epochs 1, 2, 4, 8, ...: the cost is a few batches in all. What it says
// is a function of the network, the data and the options, also where training was resumed.
//
//     SymptomWatch watch(setup, *data.training, state.symptoms);
//     for (const Symptom& symptom : watch.begin(weights)) ...
//     for (const Symptom& symptom : watch.end_epoch(epochs, weights)) ...
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "train/descent.h"
#include "train/example_source.h"
#include "train/gradient_sample.h"
#include "train/hidden_units.h"
#include "train/train_state.h"

namespace chainrule {

class SymptomWatch {
public:
    // What `setup` refers to and `state`, which keeps what was told, must outlive it. The source's
    // window is filled.
    SymptomWatch(const TrainSetup& setup, const ExampleSource& training, SymptomState& state);

    // New symptoms before the first step, and after an epoch, the last of `epochs`.
    std::vector<Symptom> begin(std::span<const Tensor> weights);
    std::vector<Symptom> end_epoch(std::span<const EpochRecord> epochs,
                                   std::span<const Tensor> weights);

private:
    std::vector<Symptom> look(std::int64_t epoch, std::span<const EpochRecord> epochs,
                              std::span<const Tensor> weights);

    TrainOptions options_;  // what the sample is computed with
    TrainSetup setup_;
    Dataset rows_;  // the sampled ones
    SymptomState& state_;
    std::vector<HiddenUnits> units_;
    std::unique_ptr<GradientSample> sample_;
};

}  // namespace chainrule
