#include "train/recipe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <vector>

namespace chainrule {
namespace {

// Known by name, so that asking for one is not mistaken for a slip of the pen.
constexpr std::array<std::string_view, 9> later_optimizers{
    "momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam", "adamw", "nadam", "lion"};

// One setting as it was said, `rate = 0.1` in the file or `--rate 0.1`.
struct Said {
    std::string key;
    const RecipeValue& value;

    [[noreturn]] void refuse(std::string_view wanted) const {
        const std::string text = value.word.empty() ? format_number(value.number) : value.word;
        throw UserError(fmt::format("{} is {}: {}", key, text, wanted), value.span);
    }
};

double number(const Said& said, std::string_view wanted) {
    if (!said.value.word.empty()) {
        said.refuse(wanted);
    }
    return said.value.number;
}

std::int64_t whole_number(const Said& said, double least, std::string_view wanted) {
    constexpr double greatest = 9007199254740992.0;  // 2^53: above, doubles skip whole numbers
    const double value = number(said, wanted);
    if (!(value >= least && value <= greatest) || value != std::floor(value)) {
        said.refuse(wanted);
    }
    return static_cast<std::int64_t>(value);
}

void set_rate(TrainOptions& options, const Said& said) {
    constexpr std::string_view wanted = "the step size must be a number above 0, such as 0.1";
    options.rate = number(said, wanted);
    if (!std::isfinite(options.rate) || options.rate <= 0) {
        said.refuse(wanted);
    }
}

void set_epochs(TrainOptions& options, const Said& said) {
    options.epochs = whole_number(said, 1, "training takes a whole number of epochs, at least 1");
}

void set_batch(TrainOptions& options, const Said& said) {
    options.batch = whole_number(said, 1, "a batch has a whole number of rows, at least 1");
    options.batch_chosen = true;
}

void set_seed(TrainOptions& options, const Said& said) {
    options.seed = static_cast<std::uint64_t>(
        whole_number(said, 0, "a seed is a whole number from 0 to 2^53"));
}

void set_dtype(TrainOptions& options, const Said& said) {
    if (said.value.word != "f32" && said.value.word != "f64") {
        said.refuse("weights are kept in f32 or f64");
    }
    options.dtype = said.value.word == "f32" ? DType::f32 : DType::f64;
}

// `sgd`, `sgd(rate = 0.5)`.
void set_optimizer(TrainOptions& options, const Said& said) {
    const RecipeValue& value = said.value;
    if (std::ranges::find(later_optimizers, value.word) != later_optimizers.end()) {
        throw UnsupportedError(
            fmt::format("{} is {}: so far there is plain gradient descent, sgd; {} come later",
                        said.key, value.word, fmt::join(later_optimizers, ", ")),
            value.span);
    }
    if (value.word != "sgd") {
        said.refuse("so far the optimizer is sgd, plain gradient descent");
    }
    for (const auto& [name, argument] : value.arguments) {
        if (name != "rate") {
            throw UserError(fmt::format("sgd has no argument {}: write sgd(rate = 0.1)", name),
                            value.span);
        }
        const RecipeValue rate{.word = {}, .number = argument, .arguments = {}, .span = value.span};
        set_rate(options, {"rate", rate});
    }
}

struct Setting {
    std::string_view key;
    void (*set)(TrainOptions&, const Said&);
};
// In the order in which they are read: `rate` overrides that of sgd(rate = ...).
constexpr std::array<Setting, 6> settings{{{"optimizer", set_optimizer},
                                           {"rate", set_rate},
                                           {"epochs", set_epochs},
                                           {"batch", set_batch},
                                           {"seed", set_seed},
                                           {"dtype", set_dtype}}};

void refuse_unknown(const std::string& key, Span span) {
    std::vector<std::string_view> keys;
    for (const Setting& setting : settings) {
        keys.push_back(setting.key);
    }
    if (std::ranges::find(keys, key) != keys.end()) {
        return;
    }
    const std::string_view near = nearest_name(key, keys);
    const std::string mend = near.empty() ? fmt::format("it has {}", fmt::join(keys, ", "))
                                          : fmt::format("did you mean {}?", near);
    throw UserError(fmt::format("train has no setting {}: {}", key, mend), span);
}

using Recipe = std::map<std::string, RecipeValue>;

Recipe recipe_of(const TrainOverrides& overrides) {
    Recipe recipe;
    const auto say = [&](const std::string& key, const auto& value) {
        using Value = typename std::remove_cvref_t<decltype(value)>::value_type;
        if (!value) {
            return;
        }
        if constexpr (std::is_same_v<Value, std::string>) {
            recipe[key].word = *value;
        } else {
            recipe[key].number = static_cast<double>(*value);
        }
    };
    say("optimizer", overrides.optimizer);
    say("rate", overrides.rate);
    say("epochs", overrides.epochs);
    say("batch", overrides.batch);
    say("seed", overrides.seed);
    say("dtype", overrides.dtype);
    return recipe;
}

}  // namespace

TrainOptions merge_options(const Network& network, const TrainOverrides& overrides) {
    for (const auto& [key, value] : network.recipe) {
        refuse_unknown(key, value.span);
    }
    const Recipe said = recipe_of(overrides);
    TrainOptions options;
    for (const Setting& setting : settings) {
        const std::string key(setting.key);
        if (const auto option = said.find(key); option != said.end()) {
            setting.set(options, {"--" + key, option->second});
        } else if (const auto line = network.recipe.find(key); line != network.recipe.end()) {
            setting.set(options, {key, line->second});
        }
    }
    return options;
}

}  // namespace chainrule
