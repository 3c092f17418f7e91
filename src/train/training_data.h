// The data that a network is trained on: files read, columns bound to the network's inputs and
// target, rows held out, missing cells filled and columns scaled by what the training part teaches.
//
//     PreparedData data = prepare_data(network, {.data = "iris.csv"}, options, diagnostics);
//     train(network, options, data.parts, diagnostics);
#pragma once

#include <string>
#include <vector>

#include "data/preprocessing.h"
#include "elaborate/network.h"
#include "train/loop.h"

namespace chainrule {

struct DataRequest {
    std::string data;         // a CSV file; "-" is standard input
    std::string test = {};    // another one with the same columns
    std::string target = {};  // the target's column, by name or number
};

struct PreparedData {
    TrainingData parts;
    Preprocessing preprocessing;
    std::vector<std::string> columns;  // that feed the inputs
    std::vector<std::string> labels;   // of a text target: the text of each class
};

// Warnings go to `diagnostics`. UserError for data that does not fit (data/dataset.h), and for a test
// file whose columns are named otherwise; UnsupportedError for a network with several targets.
PreparedData prepare_data(const Network& network, const DataRequest& request,
                          const TrainOptions& options, Diagnostics& diagnostics);

// Whether the network takes data at all. One that does not (no input, no target) is trained on a
// single empty row: plain minimisation.
bool takes_data(const Network& network);

}  // namespace chainrule
