// The parts of a model file, for those who write and read it: the model itself (model_file.cpp,
// load_model.cpp) and what a checkpoint adds (checkpoint.cpp).
//
//     TensorPicker picker(path, file);
//     Tensor w = picker.take("weight", "w", {3});
//     picker.throw_errors();
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "data/safetensors.h"
#include "train/model_file.h"
#include "train/model_metadata.h"

namespace chainrule {

TensorDtype tensor_dtype(DType dtype);

// What save_model() writes.
TensorFile model_tensors(const TrainedModel& model);

// UserError too for a file that is a network's, .nn.
TensorFile read_model_tensors(const std::string& path);

// The model that it holds; see load_model().
Model model_of(const std::string& path, const TensorFile& file, SourceMap& sources);

NetworkText network_text(const ModelMetadata& metadata);

// Takes tensors out of a file by name, and lists all that is wrong with them before it refuses.
class TensorPicker {
public:
    // Both must outlive it.
    TensorPicker(const std::string& path, const TensorFile& file) : path_(path), file_(file) {}

    // An empty tensor where it is missing, of another shape or not finite, which is an error.
    // `what` is what messages call it: "weight".
    Tensor take(const std::string& what, const std::string& name,
                const std::vector<std::int64_t>& shape);

    // Tensors that were not taken are errors, if they are of these.
    void refuse_others(const std::string& what,
                       const std::function<bool(const std::string& name)>& are);

    // UserError listing the errors, if there are any.
    void throw_errors();

private:
    void complain(const std::string& what);

    const std::string& path_;
    const TensorFile& file_;
    std::set<std::string> taken_;
    std::vector<Diagnostic> errors_;
};

}  // namespace chainrule
