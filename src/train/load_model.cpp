#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "data/safetensors.h"
#include "explain/numbers.h"
#include "ir/type.h"
#include "train/learnt_json.h"
#include "train/model_file.h"

namespace chainrule {
namespace {

using Json = nlohmann::ordered_json;

std::string shape_text(const std::vector<std::int64_t>& shape) {
    return shape.empty() ? "a number" : to_string(shape);
}

// Reads one model file; every error names it.
class Loader {
public:
    Loader(const std::string& path, SourceMap& sources)
        : path_(path), sources_(sources), file_(read_tensors(path)) {}

    Model run() {
        if (!file_.metadata.contains("format") || file_.metadata.at("format") != "chainrule") {
            throw UserError(path_ +
                            " holds tensors, but no network: a model file is what `chainrule train "
                            "--out` writes");
        }
        Model model{.network = network(), .weights = {}, .learnt = {}};
        try {
            model.learnt = learnt_of_json(json("preprocessing"));
            set_constants(model.network);
        } catch (const Json::exception& error) {
            refuse(error.what());
        } catch (const UserError&) {
            throw;
        } catch (const std::runtime_error& error) {
            refuse(error.what());
        }
        check_columns(model);
        model.answer = answer(model);
        model.weights = weights(model.network);
        model.dtype = dtype();
        return model;
    }

private:
    static TensorFile read_tensors(const std::string& path) {
        if (path.ends_with(".nn")) {
            throw UserError(path +
                            " is a network, not a trained model: train it first, with `chainrule "
                            "train " +
                            path + " --data ... --out model.safetensors`");
        }
        return read_safetensors(path);
    }

    [[noreturn]] void refuse(const std::string& why) const {
        throw UserError(fmt::format(
            "{} is damaged, or was written by another version of chainrule: {}", path_, why));
    }

    const std::string& text(const std::string& key) const {
        const auto found = file_.metadata.find(key);
        if (found == file_.metadata.end()) {
            refuse(fmt::format("its metadata has no \"{}\"", key));
        }
        return found->second;
    }

    Json json(const std::string& key) const {
        Json parsed = Json::parse(text(key), nullptr, false);
        if (parsed.is_discarded()) {
            refuse(fmt::format("\"{}\" in its metadata is no JSON", key));
        }
        return parsed;
    }

    template <typename T>
    T value(const std::string& key) const {
        try {
            return json(key).get<T>();
        } catch (const Json::exception& error) {
            refuse(error.what());
        }
    }

    Network network() {
        const ElaborateOptions options{
            .examples = Examples::many,
            .defines = value<std::vector<std::string>>("defines"),
            .imports = value<std::map<std::string, std::string>>("imports")};
        Diagnostics diagnostics;
        auto elaborated =
            elaborate_text(text("file"), text("network"), options, sources_, diagnostics);
        if (!elaborated) {
            std::vector<Diagnostic> errors = diagnostics.items();
            errors.push_back({Severity::note, "the network is that of the model " + path_, {}, {}});
            throw UserError(std::move(errors));
        }
        return std::move(elaborated->network);
    }

    void set_constants(Network& network) const {
        NamedValues values;
        const Json constants = json("constants");
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
            refuse("its columns are not those of the network's inputs");
        }
        const auto targets = static_cast<std::int64_t>(learnt.target_columns.size());
        if (targets > 0 &&
            (model.network.targets.empty() ||
             targets != element_count(model.network.graph.type(model.network.targets[0]).shape))) {
            refuse("its columns are not those of the network's target");
        }
    }

    AnswerKind answer(const Model& model) const {
        const auto kind = answer_kind_named(text("answer"));
        const auto rule = kind ? answer_rule(model.network, *kind) : std::nullopt;
        if (!kind || (*kind != AnswerKind::none && !rule)) {
            refuse(fmt::format("its network gives no answer of the kind \"{}\"", text("answer")));
        }
        const std::size_t labels = model.learnt.labels.size();
        if (rule && rule->classes > 0 && labels > 0 && labels != rule->classes) {
            refuse("its labels are not those of the network's classes");
        }
        return *kind;
    }

    std::vector<Tensor> weights(const Network& network) const {
        std::vector<Tensor> result;
        std::vector<Diagnostic> errors;
        const auto complain = [&](const std::string& what) {
            errors.push_back({Severity::error, path_ + ": " + what, {}, {}});
        };
        for (const Weight& weight : network.weights) {
            const std::string& name = network.graph.name(weight.node);
            const auto& shape = network.graph.type(weight.node).shape;
            const auto found = std::ranges::find(file_.tensors, name, &NamedTensor::name);
            if (found == file_.tensors.end()) {
                complain(fmt::format("the weight {} is missing", name));
            } else if (found->shape != shape) {
                complain(fmt::format("the weight {} is {}, but the network's is {}", name,
                                     shape_text(found->shape), shape_text(shape)));
            } else if (!std::ranges::all_of(found->data,
                                            [](double x) { return std::isfinite(x); })) {
                complain(fmt::format("the weight {} holds a number that is not finite", name));
            } else {
                result.emplace_back(shape, found->data);
            }
        }
        for (const NamedTensor& tensor : file_.tensors) {
            const bool is_known = std::ranges::any_of(network.weights, [&](const Weight& weight) {
                return network.graph.name(weight.node) == tensor.name;
            });
            if (!is_known) {
                complain(fmt::format("the network has no weight {}", tensor.name));
            }
        }
        if (!errors.empty()) {
            throw UserError(std::move(errors));
        }
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
    TensorFile file_;
};

}  // namespace

Model load_model(const std::string& path, SourceMap& sources) {
    return Loader(path, sources).run();
}

}  // namespace chainrule
