#include "train/model_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "data/safetensors.h"
#include "elaborate/library.h"
#include "render/json_numbers.h"
#include "train/learnt_json.h"
#include "train/model_tensors.h"

namespace chainrule {
namespace {

using Json = nlohmann::ordered_json;

std::string to_text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// A text that is in the program itself, or that the command line gave.
bool is_own(const std::string& name, const std::string& text) {
    return name == "--define" || std::ranges::any_of(library_files(), [&](const LibraryFile& file) {
               return file.name == name && file.text == text;
           });
}

Json constants_json(const Network& network) {
    Json json = Json::object();
    for (const auto& [constant, value] : network.constant_values) {
        json[network.graph.name(constant)] = tensor_json(value);
    }
    return json;
}

}  // namespace

NetworkText text_of(const Network& network, const std::vector<std::string>& defines,
                    const SourceMap& sources) {
    NetworkText result{.file = network.file, .text = {}, .imports = {}, .defines = defines};
    for (std::uint32_t id = 1; id <= sources.size(); ++id) {
        const std::string& name = sources.name(id);
        const std::string& text = sources.text(id);
        if (name == network.file) {
            result.text = text;
        } else if (!is_own(name, text)) {
            result.imports.emplace(name, text);
        }
    }
    return result;
}

TensorDtype tensor_dtype(DType dtype) {
    return dtype == DType::f32 ? TensorDtype::f32 : TensorDtype::f64;
}

TensorFile model_tensors(const TrainedModel& model) {
    TensorFile file;
    for (std::size_t i = 0; i < model.weights.size(); ++i) {
        const NodeId weight = model.network.weights[i].node;
        file.tensors.push_back({model.network.graph.name(weight), model.weights[i].shape,
                                tensor_dtype(model.dtype), model.weights[i].data});
    }
    file.metadata = {own_format,
                     {"file", model.text.file},
                     {"network", model.text.text},
                     {"imports", to_text(Json(model.text.imports))},
                     {"defines", to_text(Json(model.text.defines))},
                     {"constants", to_text(constants_json(model.network))},
                     {"answer", std::string(name_of(model.answer))},
                     {"preprocessing", to_text(learnt_json(model.learnt))}};
    return file;
}

void save_model(const std::string& path, const TrainedModel& model) {
    write_safetensors(path, model_tensors(model));
}

}  // namespace chainrule
