#include "train/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>

#include "train/checkpoint_json.h"
#include "train/descent.h"
#include "train/history_json.h"
#include "train/model_tensors.h"

namespace chainrule {
namespace {

const std::string of_optimizer = "optimizer/";
const std::string of_kept = "kept/";
const std::string of_last = "last/";
constexpr std::size_t most_history_bytes = std::size_t{64} << 20;

// The name in the file of each weight, then of each state.
std::vector<std::string> tensor_names(const Network& network,
                                      const std::vector<std::string>& state_names) {
    std::vector<std::string> names;
    for (const Weight& weight : network.weights) {
        names.push_back(network.graph.name(weight.node));
    }
    for (const std::string& state : state_names) {
        names.push_back(of_optimizer + state);
    }
    return names;
}

class Reader {
public:
    Reader(const std::string& path, const TensorFile& file)
        : path_(path), file_(file), metadata_(path, file.metadata) {}

    Checkpoint run(SourceMap& sources) {
        Checkpoint result{.model = model_of(path_, file_, sources),
                          .text = network_text(metadata_),
                          .recipe = {},
                          .state = {},
                          .data = {}};
        if (!file_.metadata.contains("position")) {
            throw UserError(path_ + " is a model without a state of training to go on from");
        }
        metadata_.checked([&] { read_metadata(result); });
        read_tensors(result);
        return result;
    }

private:
    void read_metadata(Checkpoint& result) const {
        try {
            result.recipe = options_of_json(metadata_.json("recipe"));
        } catch (const UserError& error) {
            metadata_.refuse(error.what());  // which speaks of settings, not of this file
        }
        for (const auto& record : metadata_.json("history")) {
            result.state.epochs.push_back(epoch_of_json(record));
        }
        set_position(result.state, metadata_.json("position"));
        result.data = mark_of_json(metadata_.json("data"));
        check_position(result);
        if (result.recipe.dtype != result.model.dtype) {
            metadata_.refuse("its weights are not in the format of its recipe");
        }
    }

    void check_position(const Checkpoint& result) const {
        const TrainState& state = result.state;
        const auto batch = static_cast<std::uint64_t>(result.recipe.batch);
        const std::uint64_t batches = result.data.rows / batch + (result.data.rows % batch != 0);
        const bool has_last =
            state.epochs.empty() || state.epochs.back().epoch == state.schedule.epoch;
        const bool has_best = state.best.epoch <= state.schedule.epoch &&
                              (state.best.epoch == 0 || result.recipe.patience > 0);
        if (static_cast<std::uint64_t>(state.batch) > batches || !has_last || !has_best) {
            metadata_.refuse("its position is none of its training");
        }
    }

    void read_tensors(Checkpoint& result) const {
        const Network& network = result.model.network;
        const Objective objective = make_objective(network);
        const std::vector<StateLayout> layouts = state_layouts(network, objective, result.recipe);
        TrainState& state = result.state;
        for (const StateLayout& each : layouts) {
            state.state_names.push_back(each.name);
        }
        TensorPicker picker(path_, file_);
        state.weights = std::move(result.model.weights);
        result.model.weights.clear();
        if (state.best.epoch > 0) {
            state.best.weights = std::move(state.weights);
            state.weights = take_weights(picker, network, of_last);
        }
        state.states = take_states(picker, layouts, of_optimizer);
        if (state.batch > 0) {
            state.kept.weights = take_weights(picker, network, of_kept);
            state.kept.states = take_states(picker, layouts, of_kept + of_optimizer);
        } else {
            state.kept = {.weights = state.weights, .states = state.states};
        }
        picker.refuse_others("tensor", [](const std::string& name) {
            return name.starts_with(of_optimizer) || name.starts_with(of_kept) ||
                   name.starts_with(of_last);
        });
        picker.throw_errors();
    }

    static std::vector<Tensor> take_weights(TensorPicker& picker, const Network& network,
                                            const std::string& prefix) {
        std::vector<Tensor> result;
        for (const Weight& weight : network.weights) {
            result.push_back(picker.take("tensor", prefix + network.graph.name(weight.node),
                                         network.graph.type(weight.node).shape));
        }
        return result;
    }

    static std::vector<Tensor> take_states(TensorPicker& picker,
                                           const std::vector<StateLayout>& layouts,
                                           const std::string& prefix) {
        std::vector<Tensor> result;
        for (const StateLayout& state : layouts) {
            result.push_back(picker.take("tensor", prefix + state.name, state.shape));
        }
        return result;
    }

    const std::string& path_;
    const TensorFile& file_;
    ModelMetadata metadata_;
};

}  // namespace

void save_checkpoint(const std::string& path, const TrainedModel& model,
                     const TrainingSoFar& training) {
    TensorFile file = model_tensors(model);
    const TrainState& state = training.state;
    const std::vector<std::string> names = tensor_names(model.network, state.state_names);
    const TensorDtype dtype = tensor_dtype(model.dtype);
    const auto add = [&](const std::string& name, const Tensor& tensor) {
        file.tensors.push_back({name, tensor.shape, dtype, tensor.data});
    };
    const std::size_t weights = state.weights.size();
    for (std::size_t i = 0; i < state.states.size(); ++i) {
        add(names[weights + i], state.states[i]);
    }
    for (std::size_t i = 0; state.best.epoch > 0 && i < weights; ++i) {
        add(of_last + names[i], state.weights[i]);
    }
    for (std::size_t i = 0; state.batch > 0 && i < names.size(); ++i) {
        add(of_kept + names[i],
            i < weights ? state.kept.weights[i] : state.kept.states[i - weights]);
    }
    file.metadata["recipe"] = recipe_json(training.recipe).dump();
    file.metadata["history"] = history_text(state.epochs, most_history_bytes);
    file.metadata["position"] = position_json(state).dump();
    file.metadata["data"] = mark_json(training.data).dump();
    write_safetensors(path, file);
}

Checkpoint load_checkpoint(const std::string& path, SourceMap& sources) {
    const TensorFile file = read_model_tensors(path);
    return Reader(path, file).run(sources);
}

}  // namespace chainrule
