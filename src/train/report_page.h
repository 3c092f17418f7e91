// What `train --report` shows of a training (render/training_page.h).
//
// The derivation is that of one example, with the final weights and a training row put in where
// the network has at most 1,000 numbers of weights, in symbols alone where it has more; a network
// of more than 60 names has none, since nobody reads it.
#pragma once

#include "render/training_page.h"
#include "train/model_file.h"
#include "train/training_data.h"

namespace chainrule {

struct ReportedTraining {
    const Network& network;
    const NetworkText& text;
    const TrainOptions& options;
    const TrainingSources& data;
    const std::vector<std::string>& labels;  // of the classes
    const TrainResult& result;
};

TrainingPage report_page(const ReportedTraining& training);

}  // namespace chainrule
