#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "data/safetensors.h"
#include "explain/numbers.h"
#include "ir/type.h"
#include "train/learnt_json.h"
#include "train/model_file.h"
#include "train/model_tensors.h"

namespace chainrule {
namespace {

using Json = nlohmann::ordered_json;

// Of the state of training, not of the model.
bool is_training(const std::string& name) { return name.find('/') != std::string::npos; }

// Makes a model of one file; every error names it.
class Loader {
public:
    Loader(const std::string& path, const TensorFile& file, SourceMap& sources)
        : path_(path), sources_(sources), file_(file), metadata_(path, file.metadata) {}

    Model run() {
        if (!has_own_format(file_)) {
            throw UserError(path_ +
                            " holds tensors, but no network: a model file is what `chainrule train "
                            "--out` writes");
        }
        Model model{.network = network(), .weights = {}, .learnt = {}};
        model.learnt =
            metadata_.checked([&] { return learnt_of_json(metadata_.json("preprocessing")); });
        metadata_.checked([&] { set_constants(model.network); });
        check_columns(model);
        model.answer = answer(model);
        model.weights = weights(model.network);
        model.dtype = dtype();
        return model;
    }

private:
    Network network() {
        const NetworkText text = network_text(metadata_);
        const ElaborateOptions options{
            .examples = Examples::many, .defines = text.defines, .imports = text.imports};
        Diagnostics diagnostics;
        auto elaborated = elaborate_text(text.file, text.text, options, sources_, diagnostics);
        if (!elaborated) {
            std::vector<Diagnostic> errors = diagnostics.items();
            errors.push_back({Severity::note, "the network is that of the model " + path_, {}, {}});
            throw UserError(std::move(errors));
        }
        return std::move(elaborated->network);
    }

    void set_constants(Network& network) const {
        NamedValues values;
        const Json constants = metadata_.json("constants");
        for (const auto& [name, value] : constants.items()) {
            values.emplace(name, parse_tensor(value.dump(), path_ + ": the constant " + name));
        }
        const Bindings given = given_values(network, values);
        for (const NodeId constant : network.constants) {
            if (const auto found = given.find(constant); found != given.end()) {
                network.constant_values[constant] = found->second;
            }
        }
    }

    // Of tables; arrays have neither columns nor preprocessing.
    void check_columns(const Model& model) const {
        const LearntData& learnt = model.learnt;
        std::int64_t elements = 0;
        for (const NodeId input : model.network.inputs) {
            elements += element_count(model.network.graph.type(input).shape);
        }
        if (!learnt.columns.empty() &&
            elements != static_cast<std::int64_t>(learnt.columns.size())) {
            metadata_.refuse("its columns are not those of the network's inputs");
        }
        const auto targets = static_cast<std::int64_t>(learnt.target_columns.size());
        if (targets > 0 &&
            (model.network.targets.empty() ||
             targets != element_count(model.network.graph.type(model.network.targets[0]).shape))) {
            metadata_.refuse("its columns are not those of the network's target");
        }
    }

    AnswerKind answer(const Model& model) const {
        const std::string& name = metadata_.text("answer");
        const auto kind = answer_kind_named(name);
        const auto rule = kind ? answer_rule(model.network, *kind) : std::nullopt;
        if (!kind || (*kind != AnswerKind::none && !rule)) {
            metadata_.refuse(fmt::format("its network gives no answer of the kind \"{}\"", name));
        }
        const std::size_t labels = model.learnt.labels.size();
        if (rule && rule->classes > 0 && labels > 0 && labels != rule->classes) {
            metadata_.refuse("its labels are not those of the network's classes");
        }
        return *kind;
    }

    std::vector<Tensor> weights(const Network& network) const {
        TensorPicker picker(path_, file_);
        std::vector<Tensor> result;
        for (const Weight& weight : network.weights) {
            result.push_back(picker.take("weight", network.graph.name(weight.node),
                                         network.graph.type(weight.node).shape));
        }
        picker.refuse_others("weight", [](const std::string& name) { return !is_training(name); });
        picker.throw_errors();
        return result;
    }

    DType dtype() const {
        const bool is_single = std::ranges::all_of(file_.tensors, [](const NamedTensor& tensor) {
            return tensor.dtype == TensorDtype::f32;
        });
        return is_single ? DType::f32 : DType::f64;
    }

    const std::string& path_;
    SourceMap& sources_;
    const TensorFile& file_;
    ModelMetadata metadata_;
};

}  // namespace

NetworkText network_text(const ModelMetadata& metadata) {
    return {.file = metadata.text("file"),
            .text = metadata.text("network"),
            .imports = metadata.value<std::map<std::string, std::string>>("imports"),
            .defines = metadata.value<std::vector<std::string>>("defines")};
}

Model model_of(const std::string& path, const TensorFile& file, SourceMap& sources) {
    return Loader(path, file, sources).run();
}

TensorFile read_model_tensors(const std::string& path) {
    if (path.ends_with(".nn")) {
        throw UserError(path +
                        " is a network, not a trained model: train it first, with `chainrule "
                        "train " +
                        path + " --data ... --out model.safetensors`");
    }
    return read_safetensors(path);
}

Model load_model(const std::string& path, SourceMap& sources) {
    return model_of(path, read_model_tensors(path), sources);
}

}  // namespace chainrule
