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

// The index of the word in `words`.
std::size_t choice(const Said& said, std::array<std::string_view, 2> words) {
    const auto found = std::ranges::find(words, said.value.word);
    if (found == words.end()) {
        said.refuse(fmt::format("it is {} or {}", words[0], words[1]));
    }
    return static_cast<std::size_t>(found - words.begin());
}

void set_dtype(TrainOptions& options, const Said& said) {
    options.dtype = choice(said, {"f32", "f64"}) == 0 ? DType::f32 : DType::f64;
}

void set_scale(TrainOptions& options, const Said& said) {
    options.scale = choice(said, {"auto", "none"}) == 0 ? Scale::standard : Scale::none;
}

void set_missing(TrainOptions& options, const Said& said) {
    options.missing =
        choice(said, {"impute", "error"}) == 0 ? MissingCells::impute : MissingCells::refuse;
}

void set_split(TrainOptions& options, const Said& said) {
    constexpr std::string_view wanted =
        "the part of the rows to hold out is a fraction below 1, such as 0.2";
    options.split = number(said, wanted);
    if (!(options.split >= 0 && options.split < 1)) {
        said.refuse(wanted);
    }
}

// `sgd`, `sgd(rate = 0.5)`.
void set_optimizer(TrainOptions& options, const Said& said) {
    constexpr std::array<std::string_view, 1> here{"sgd"};
    const RecipeValue& value = said.value;
    const std::string_view near = nearest_name(value.word, {here.begin(), here.end()});
    if (value.word.empty() || (value.word != "sgd" && !near.empty())) {
        said.refuse("did you mean sgd?");
    }
    if (value.word != "sgd") {
        throw UnsupportedError(
            fmt::format("{} is {}: training is by plain gradient descent, sgd, so far; momentum, "
                        "adam and others come later",
                        said.key, value.word),
            value.span);
    }
    for (const auto& [name, argument] : value.arguments) {
        if (name != "rate") {
            throw UnsupportedError(fmt::format("sgd has no {}: plain gradient descent takes a rate "
                                               "alone, sgd(rate = 0.1), so far",
                                               name),
                                   value.span);
        }
        const RecipeValue rate{.word = {}, .number = argument, .arguments = {}, .span = value.span};
        set_rate(options, {"rate", rate});
    }
}

void set_schedule(TrainOptions&, const Said& said) {
    if (said.value.word != "constant") {
        throw UnsupportedError(
            fmt::format("schedule is {}: the rate is constant so far", said.value.word),
            said.value.span);
    }
}

void set_clip(TrainOptions&, const Said& said) {
    throw UnsupportedError("clip: gradients are not clipped so far", said.value.span);
}

void set_threads(TrainOptions& options, const Said& said) {
    options.threads = static_cast<std::size_t>(
        whole_number(said, 1, "a number of threads is a whole number, at least 1"));
}

void set_backend(TrainOptions& options, const Said& said) {
    options.backend =
        choice(said, {"native", "reference"}) == 0 ? Backend::native : Backend::reference;
}

struct Setting {
    std::string_view key;
    void (*set)(TrainOptions&, const Said&);
};
// In the order in which they are read: `rate` overrides that of sgd(rate = ...).
constexpr std::array<Setting, 13> settings{{{"optimizer", set_optimizer},
                                            {"rate", set_rate},
                                            {"epochs", set_epochs},
                                            {"batch", set_batch},
                                            {"seed", set_seed},
                                            {"dtype", set_dtype},
                                            {"split", set_split},
                                            {"scale", set_scale},
                                            {"missing", set_missing},
                                            {"schedule", set_schedule},
                                            {"clip", set_clip},
                                            {"threads", set_threads},
                                            {"backend", set_backend}}};

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
    say("backend", overrides.backend);
    say("threads", overrides.threads);
    say("split", overrides.split);
    say("scale", overrides.scale);
    say("missing", overrides.missing);
    return recipe;
}

}  // namespace

TrainOptions merge_options(const Network& network, const TrainOverrides& overrides) {
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
