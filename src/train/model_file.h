// A trained network as a safetensors file: the weights under the names of the network, and in the
// metadata, as strings, all that it takes to use them again:
//
//     network        the text of the network file
//     file           its name
//     imports        JSON: {"name": "text", ...}, the files that it imports
//     defines        JSON: ["g1 = sigmoid", ...], the equations from the command line
//     preprocessing  JSON: {"scale": "standard", "columns": [...], "encodings": [{"column": "colour",
//                    "width": 3, "categories": ["blue", "red"]}, ...], "means": [...],
//                    "deviations": [...], "fills": [...], "labels": [...]}; a column of the width 1
//                    without categories is a number, one of the width 0 is not used
//
// Under DType::f32 the weights are stored as F32, which they fit exactly; under f64 as F64.
//
//     save_model("model.safetensors", model);      // whole or not at all
#pragma once

#include <map>
#include <string>
#include <vector>

#include "elaborate/network.h"
#include "train/training_data.h"

namespace chainrule {

struct NetworkText {
    std::string file;
    std::string text;
    std::map<std::string, std::string> imports;
    std::vector<std::string> defines;
};

// The texts that `network` was read from.
NetworkText text_of(const Network& network, const std::vector<std::string>& defines,
                    const SourceMap& sources);

struct TrainedModel {
    const Network& network;
    const NetworkText& text;
    const std::vector<Tensor>& weights;
    const PreparedData& data;  // of which the preprocessing is kept
    DType dtype = DType::f32;
};

// UserError where the path cannot be written; an existing file then stays as it was.
void save_model(const std::string& path, const TrainedModel& model);

}  // namespace chainrule
