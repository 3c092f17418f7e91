#include "train/recipe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include "train/recipe_text.h"

namespace chainrule {
namespace {

// One setting as it was said, `rate = 0.1` in the file or `--rate 0.1`.
struct Said {
    std::string key;
    const RecipeValue& value;

    [[noreturn]] void refuse(std::string_view wanted) const {
        const std::string text = value.word.empty() ? text_of(value) : value.word;
        throw UserError(fmt::format("{} is {}: {}", key, text, wanted), value.span);
    }
};

double number(const Said& said, std::string_view wanted) {
    if (!said.value.word.empty()) {
        said.refuse(wanted);
    }
    return said.value.number;
}

std::int64_t whole_number(const Said& said, double least, std::string_view wanted,
                          double greatest = 0x1p53) {  // above, doubles skip whole numbers
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

void set_patience(TrainOptions& options, const Said& said) {
    options.patience = whole_number(
        said, 1, "it is the whole number of epochs, at least 1, to wait for a smaller loss");
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

void set_stratify(TrainOptions& options, const Said& said) {
    options.stratify = choice(said, {"auto", "none"}) == 0;
}

void set_class_weights(TrainOptions& options, const Said& said) {
    const RecipeValue& value = said.value;
    std::vector<double> numbers = value.list;
    for (const auto& [label, number] : value.arguments) {
        numbers.push_back(number);
    }
    const bool balanced = value.word == "balanced";
    if (!balanced && (!value.word.empty() || numbers.empty())) {
        said.refuse(
            "it is balanced, the weight of each class such as 1,3, or of classes by their "
            "labels such as no=1,yes=3");
    }
    const bool are_weights = std::ranges::all_of(
        numbers, [](double weight) { return std::isfinite(weight) && weight >= 0; });
    if (!are_weights) {
        said.refuse("the weight of a class is a finite number, at least 0");
    }
    options.class_weights = ClassWeights{balanced, value.list, value.arguments};
}

void set_split(TrainOptions& options, const Said& said) {
    constexpr std::string_view wanted =
        "the part of the rows to hold out is a fraction below 1, such as 0.2";
    options.split = number(said, wanted);
    if (!(options.split >= 0 && options.split < 1)) {
        said.refuse(wanted);
    }
}

// The record of that name; with the spelling of one that there is in the message.
template <class Record>
const Record& record_of(const Said& said, const std::vector<const Record*>& records) {
    std::vector<std::string_view> names;
    for (const Record* record : records) {
        names.push_back(record->method.name);
        if (record->method.name == said.value.word) {
            return *record;
        }
    }
    const std::string text =
        said.value.word.empty() ? format_number(said.value.number) : said.value.word;
    throw UserError(fmt::format("{} is {}{}", said.key, text, suggestion(text, names)),
                    said.value.span);
}

// `adam`, `adam(beta1 = 0.8)`.
Choice chosen(const Said& said, const Method& method) {
    for (const auto& [key, number] : said.value.arguments) {
        if (const std::string wrong = fault(method, key, number); !wrong.empty()) {
            throw UserError(fmt::format("{}: {}", said.key, wrong), said.value.span);
        }
    }
    if (const std::string wrong = missing_setting(method, said.value.arguments); !wrong.empty()) {
        throw UserError(fmt::format("{}: {}", said.key, wrong), said.value.span);
    }
    return Choice(method, said.value.arguments);
}

void set_optimizer(TrainOptions& options, const Said& said) {
    options.optimizer = chosen(said, record_of(said, optimizers()).method);
    if (options.optimizer.method().setting("rate") != nullptr) {
        options.rate = options.optimizer["rate"];
    }
}

void set_schedule(TrainOptions& options, const Said& said) {
    options.schedule = chosen(said, record_of(said, schedules()).method);
}

void set_warmup(TrainOptions& options, const Said& said) {
    options.warmup =
        whole_number(said, 1, "the rate rises over a whole number of steps, at least 1");
}

double limit(const Said& said) {
    constexpr std::string_view wanted = "gradients are clipped to a number above 0, such as 1";
    const double value = number(said, wanted);
    if (!std::isfinite(value) || value <= 0) {
        said.refuse(wanted);
    }
    return value;
}

void set_clip_norm(TrainOptions& options, const Said& said) { options.clipping.norm = limit(said); }

void set_clip_value(TrainOptions& options, const Said& said) {
    options.clipping.value = limit(said);
}

void set_threads(TrainOptions& options, const Said& said) {
    const auto wanted = fmt::format("a number of threads is a whole number up to {}", most_threads);
    options.threads = static_cast<std::size_t>(whole_number(said, 1, wanted, most_threads));
}

void set_backend(TrainOptions& options, const Said& said) {
    options.backend =
        choice(said, {"native", "reference"}) == 0 ? Backend::native : Backend::reference;
}

void set_on_nan(TrainOptions& options, const Said& said) {
    options.on_nan = choice(said, {"stop", "skip"}) == 0 ? OnNan::stop : OnNan::skip;
}

// --- reading options back ---

RecipeValue word(std::string_view text) {
    return {.word = std::string(text), .number = 0, .arguments = {}, .list = {}, .span = {}};
}

RecipeValue number_value(double number) {
    return {.word = {}, .number = number, .arguments = {}, .list = {}, .span = {}};
}

RecipeValue value_of(const Choice& choice) {
    RecipeValue value = word(choice.name());
    for (const Setting& setting : choice.method().settings) {
        value.arguments.emplace(setting.name, choice[setting.name]);
    }
    return value;
}

RecipeValue value_of(const ClassWeights& weights) {
    RecipeValue value = word(weights.balanced ? "balanced" : "");
    value.list = weights.by_number;
    value.arguments = weights.by_label;
    return value;
}

using Maybe = std::optional<RecipeValue>;

Maybe maybe(const std::optional<double>& number) {
    return number ? Maybe(number_value(*number)) : std::nullopt;
}

template <class Whole>
RecipeValue whole_value(Whole number) {
    return number_value(static_cast<double>(number));
}

// What an optimiser must have for a setting to mean anything.
enum class Needs : std::uint8_t { nothing, batches, rate };

struct TrainSetting {
    std::string_view key;
    void (*set)(TrainOptions&, const Said&);
    // What makes `set` set what is set; nothing where it was not to be called.
    Maybe (*get)(const TrainOptions&);
    Needs needs = Needs::nothing;
};
// In the order in which they are read: `rate` overrides that of sgd(rate = ...).
constexpr std::array<TrainSetting, 19> settings{
    {{"optimizer", set_optimizer,
      [](const TrainOptions& o) -> Maybe { return value_of(o.optimizer); }},
     {"rate", set_rate, [](const TrainOptions& o) -> Maybe { return number_value(o.rate); },
      Needs::rate},
     {"epochs", set_epochs, [](const TrainOptions& o) -> Maybe { return whole_value(o.epochs); }},
     {"patience", set_patience,
      [](const TrainOptions& o) {
          return o.patience > 0 ? Maybe(whole_value(o.patience)) : std::nullopt;
      }},
     {"batch", set_batch, [](const TrainOptions& o) -> Maybe { return whole_value(o.batch); },
      Needs::batches},
     {"seed", set_seed, [](const TrainOptions& o) -> Maybe { return whole_value(o.seed); }},
     {"dtype", set_dtype,
      [](const TrainOptions& o) -> Maybe { return word(o.dtype == DType::f32 ? "f32" : "f64"); }},
     {"split", set_split, [](const TrainOptions& o) -> Maybe { return number_value(o.split); }},
     {"stratify", set_stratify,
      [](const TrainOptions& o) -> Maybe { return word(o.stratify ? "auto" : "none"); }},
     {"class_weights", set_class_weights,
      [](const TrainOptions& o) {
          return o.class_weights ? Maybe(value_of(*o.class_weights)) : std::nullopt;
      }},
     {"scale", set_scale,
      [](const TrainOptions& o) -> Maybe {
          return word(o.scale == Scale::standard ? "auto" : "none");
      }},
     {"missing", set_missing,
      [](const TrainOptions& o) -> Maybe {
          return word(o.missing == MissingCells::impute ? "impute" : "error");
      }},
     {"schedule", set_schedule, [](const TrainOptions& o) -> Maybe { return value_of(o.schedule); },
      Needs::rate},
     {"warmup", set_warmup,
      [](const TrainOptions& o) {
          return o.warmup > 0 ? Maybe(whole_value(o.warmup)) : std::nullopt;
      },
      Needs::rate},
     {"clip_norm", set_clip_norm, [](const TrainOptions& o) { return maybe(o.clipping.norm); },
      Needs::batches},
     {"clip_value", set_clip_value, [](const TrainOptions& o) { return maybe(o.clipping.value); },
      Needs::batches},
     // Only where it is not as usual, so that files saved before it was there stay as they are.
     {"on_nan", set_on_nan,
      [](const TrainOptions& o) {
          return o.on_nan == OnNan::skip ? Maybe(word("skip")) : std::nullopt;
      },
      Needs::batches},
     {"threads", set_threads, [](const TrainOptions&) -> Maybe { return std::nullopt; }},
     {"backend", set_backend, [](const TrainOptions& o) -> Maybe {
          return word(o.backend == Backend::native ? "native" : "reference");
      }}}};

// Why the optimiser has no use for the setting; empty: it has.
std::string misfit(const Method& optimizer, const TrainSetting& setting) {
    if (setting.needs == Needs::batches && find_optimizer(optimizer.name)->full_batch != nullptr) {
        return fmt::format("{} works on the whole data in every step, without batches and clipping",
                           optimizer.name);
    }
    if (setting.needs == Needs::rate && optimizer.setting("rate") == nullptr) {
        return fmt::format("{} has no rate: it finds the lengths of its steps itself",
                           optimizer.name);
    }
    return "";
}

}  // namespace

std::string option_name(std::string key) {
    std::ranges::replace(key, '_', '-');
    return "--" + key;
}

Recipe said_in(const TrainOverrides& overrides) {
    Recipe recipe;
    const auto say = [&](const std::string& key, const auto& value) {
        using Value = typename std::remove_cvref_t<decltype(value)>::value_type;
        if (!value) {
            return;
        }
        if constexpr (std::is_same_v<Value, std::string>) {
            recipe[key] = read_setting(option_name(key), *value);
        } else {
            recipe[key].number = static_cast<double>(*value);
        }
    };
    say("optimizer", overrides.optimizer);
    say("rate", overrides.rate);
    say("schedule", overrides.schedule);
    say("patience", overrides.patience);
    say("warmup", overrides.warmup);
    say("clip_norm", overrides.clip_norm);
    say("clip_value", overrides.clip_value);
    say("epochs", overrides.epochs);
    say("batch", overrides.batch);
    say("seed", overrides.seed);
    say("dtype", overrides.dtype);
    say("backend", overrides.backend);
    say("on_nan", overrides.on_nan);
    say("threads", overrides.threads);
    say("split", overrides.split);
    say("stratify", overrides.stratify);
    if (overrides.class_weights) {
        recipe["class_weights"] =
            read_class_weights(option_name("class_weights"), *overrides.class_weights);
    }
    say("scale", overrides.scale);
    say("missing", overrides.missing);
    return recipe;
}

Recipe recipe_of(const TrainOptions& options) {
    Recipe recipe;
    for (const TrainSetting& setting : settings) {
        Maybe value = setting.get(options);
        if (value && misfit(options.optimizer.method(), setting).empty()) {
            recipe.emplace(setting.key, std::move(*value));
        }
    }
    return recipe;
}

TrainOptions options_of(const Recipe& recipe) {
    TrainOptions options;
    for (const TrainSetting& setting : settings) {
        if (const auto value = recipe.find(std::string(setting.key)); value != recipe.end()) {
            setting.set(options, {value->first, value->second});
        }
    }
    options.batch_chosen = false;  // where it was, it fitted the rows
    return options;
}

TrainOptions merge_options(const Network& network, const TrainOverrides& overrides) {
    const Recipe said = said_in(overrides);
    TrainOptions options;
    const bool other_optimizer = said.contains("optimizer");
    for (const TrainSetting& setting : settings) {
        const std::string key(setting.key);
        const std::string wrong = misfit(options.optimizer.method(), setting);
        const auto set = [&](const Said& one) {
            wrong.empty() ? setting.set(options, one) : one.refuse(wrong + ": leave it out");
        };
        if (const auto option = said.find(key); option != said.end()) {
            set({option_name(key), option->second});
        } else if (const auto line = network.recipe.find(key);
                   line != network.recipe.end() && (wrong.empty() || !other_optimizer)) {
            set({key, line->second});
        }
    }
    return options;
}

}  // namespace chainrule
