#include "train/resume.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "train/learnt_json.h"
#include "train/recipe_text.h"

namespace chainrule {
namespace {

std::string text_of(const Recipe& recipe, const std::string& key) {
    const auto found = recipe.find(key);
    return found == recipe.end() ? "none" : text_of(found->second);
}

void set_epochs(TrainOptions& options, std::int64_t epochs, const Checkpoint& checkpoint,
                const std::string& path) {
    const std::int64_t completed = checkpoint.state.schedule.epoch;
    if (epochs < completed) {
        throw UserError(
            fmt::format("--epochs is {}, but {} has completed {}", epochs, path, completed));
    }
    if (epochs != options.epochs && depends_on_epochs(options.schedule)) {
        throw UserError(fmt::format(
            "--epochs is {}, but {} was begun with {}, and its schedule, {}, depends on them: the "
            "rates so far would have been others",
            epochs, path, options.epochs, options.schedule.name()));
    }
    options.epochs = epochs;
}

[[noreturn]] void refuse_data(const std::string& path, const std::string& difference) {
    throw UserError(fmt::format(
        "the data are not those that {} was trained on: {}; give the same files and the same "
        "options that say how to read them, or leave --resume out to begin anew",
        path, difference));
}

std::vector<std::string> values_of(const std::map<std::string, std::string>& imports) {
    std::vector<std::string> texts;
    for (const auto& [name, text] : imports) {
        texts.push_back(text);
    }
    std::ranges::sort(texts);  // the names may be others
    return texts;
}

std::optional<Tensor> value_of(const Network& network, NodeId constant) {
    const auto found = network.constant_values.find(constant);
    return found == network.constant_values.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

void check_network(const Checkpoint& checkpoint, const std::string& path, const NetworkText& text,
                   const Network& network) {
    const auto refuse = [&](const std::string& what) {
        throw UserError(fmt::format(
            "{} differs from what {} was trained with: undo the change, or leave --resume out to "
            "begin anew",
            what, path));
    };
    const NetworkText& begun = checkpoint.text;
    if (text.text != begun.text) {
        refuse("the network " + text.file);
    }
    if (values_of(text.imports) != values_of(begun.imports)) {
        refuse("a file that " + text.file + " imports");
    }
    if (text.defines != begun.defines) {
        refuse("--define");
    }
    const Network& then = checkpoint.model.network;
    for (std::size_t i = 0; i < network.constants.size(); ++i) {
        if (value_of(network, network.constants[i]) != value_of(then, then.constants[i])) {
            refuse("the value of the constant " + network.graph.name(network.constants[i]));
        }
    }
}

TrainOptions resumed_options(const Checkpoint& checkpoint, const std::string& path,
                             const TrainOverrides& overrides) {
    TrainOptions options = checkpoint.recipe;
    const TrainOptions said = merge_options({}, overrides);
    const Recipe now = recipe_of(said);
    const Recipe begun = recipe_of(options);
    for (const auto& [key, value] : said_in(overrides)) {
        const std::string option = option_name(key);
        if (key == "epochs") {
            set_epochs(options, said.epochs, checkpoint, path);
        } else if (text_of(now, key) != text_of(begun, key)) {
            throw UserError(fmt::format(
                "{} is {}, but {} was begun with {}: leave {} out to go on, or leave --resume out "
                "to begin anew",
                option, text_of(now, key), path, text_of(begun, key), option));
        }
    }
    options.threads = said.threads;
    return options;
}

namespace {

// What a key of learnt_json is called, where the key alone would not tell.
std::string in_words(const std::string& key) {
    return key == "first_target" ? "targets' places"
           : key == "weights"    ? "columns of weights (--weights)"
                                 : key;
}

}  // namespace

void check_data(const Checkpoint& checkpoint, const std::string& path, const LearntData& learnt,
                const DataMark& mark) {
    const nlohmann::ordered_json now = learnt_json(learnt);
    const nlohmann::ordered_json then = learnt_json(checkpoint.model.learnt);
    for (const auto* all : {&then, &now}) {
        for (const auto& [key, value] : all->items()) {
            if (!then.contains(key) || !now.contains(key) || now.at(key) != then.at(key)) {
                refuse_data(path, fmt::format("their {} differ", in_words(key)));
            }
        }
    }
    const DataMark& begun = checkpoint.data;
    if (mark.rows != begun.rows || mark.held_out != begun.held_out) {
        refuse_data(path, fmt::format("{} rows and {} held out, not {} and {}", mark.rows,
                                      mark.held_out, begun.rows, begun.held_out));
    }
    if (mark.window != begun.window) {
        refuse_data(path, "they are read through another buffer (--stream, --buffer)");
    }
    if (mark != begun) {
        refuse_data(path, "as many rows, but other numbers in them");
    }
}

}  // namespace chainrule
