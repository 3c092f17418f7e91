// A trained network as a safetensors file: the weights under the names of the network, and in the
// metadata, as strings, all that it takes to use them again:
//
//     network        the text of the network file
//     file           its name
//     imports        JSON: {"name": "text", ...}, the files that it imports
//     defines        JSON: ["g1 = sigmoid", ...], the equations from the command line
//     constants      JSON: {"c": 2, "A": [[1, 2], [3, 4]]}, the values of all constants that
//                    have one
//     answer         what kind of answer the network gives, by the targets that it was trained on
//                    (train/answer_rule.h)
//     preprocessing  JSON, see train/learnt_json.h
//
// Under DType::f32 the weights are stored as F32, which they fit exactly; under f64 as F64.
//
//     save_model("model.safetensors", {network, text, weights, data.learnt, AnswerKind::numbers});
//     Model model = load_model("model.safetensors", sources);
#pragma once

#include <map>
#include <string>
#include <vector>

#include "elaborate/network.h"
#include "train/answer_rule.h"
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
    const LearntData& learnt;
    AnswerKind answer = AnswerKind::none;
    DType dtype = DType::f32;
};

// UserError where the path cannot be written; an existing file then stays as it was.
// Whole or not at all.
void save_model(const std::string& path, const TrainedModel& model);

struct Model {
    Network network;              // elaborated for many examples
    std::vector<Tensor> weights;  // one per weight of the network
    LearntData learnt;
    AnswerKind answer = AnswerKind::none;
    DType dtype = DType::f32;
};

// The network's texts become sources. UserError for a file that is damaged, not chainrule's, or
// whose tensors are not the network's weights: it lists all that are missing, left over, of another
// shape or not finite.
Model load_model(const std::string& path, SourceMap& sources);

}  // namespace chainrule
