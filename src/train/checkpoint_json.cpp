#include "train/checkpoint_json.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "render/json_numbers.h"
#include "train/history_json.h"

namespace chainrule {
namespace {

using Json = nlohmann::ordered_json;

// 0.1, "f32", {"name": "adam", "beta1": 0.9}, [1, 3], {"by_name": {"no": 1, "yes": 3}}.
Json value_json(const RecipeValue& value) {
    if (!value.list.empty()) {
        return value.list;
    }
    if (value.word.empty() && !value.arguments.empty()) {
        return {{"by_name", value.arguments}};
    }
    if (value.word.empty()) {
        return is_whole(value.number) ? Json(static_cast<std::int64_t>(value.number))
                                      : Json(value.number);
    }
    if (value.arguments.empty()) {
        return value.word;
    }
    Json json{{"name", value.word}};
    for (const auto& [key, number] : value.arguments) {
        json[key] = number;
    }
    return json;
}

RecipeValue value_of_json(const Json& json) {
    RecipeValue value;
    if (json.is_number()) {
        json.get_to(value.number);
        return value;
    }
    if (json.is_array()) {
        json.get_to(value.list);
        return value;
    }
    if (!json.is_object()) {
        json.get_to(value.word);
        return value;
    }
    if (json.contains("by_name")) {
        json.at("by_name").get_to(value.arguments);
        return value;
    }
    for (const auto& [key, part] : json.items()) {
        if (key == "name") {
            part.get_to(value.word);
        } else {
            part.get_to(value.arguments[key]);
        }
    }
    return value;
}

std::int64_t count_of(const Json& json) {
    if (!json.is_number_unsigned()) {
        throw std::runtime_error("a count that is none: " + json.dump());
    }
    constexpr std::uint64_t greatest = std::uint64_t{1} << 53;
    const auto count = json.get<std::uint64_t>();
    if (count > greatest) {
        throw std::runtime_error("a count that is too large");
    }
    return static_cast<std::int64_t>(count);
}

}  // namespace

Json recipe_json(const TrainOptions& options) {
    Json json = Json::object();
    for (const auto& [key, value] : recipe_of(options)) {
        json[key] = value_json(value);
    }
    return json;
}

TrainOptions options_of_json(const Json& json) {
    Recipe recipe;
    for (const auto& [key, value] : json.items()) {
        recipe.emplace(key, value_of_json(value));
    }
    const TrainOptions options = options_of(recipe);
    // A setting that this version has not, or one that is left out, changes what comes back.
    if (recipe_json(options) != json) {
        throw std::runtime_error("its recipe has other settings than those there are");
    }
    return options;
}

namespace {

Json skipped_json(const SkippedSteps& skipped) {
    return {{"steps", skipped.count},
            {"in_epoch", skipped.in_epoch},
            {"first", skipped.first},
            {"why", skipped.why}};
}

SkippedSteps skipped_of_json(const Json& json) {
    return {.count = count_of(json.at("steps")),
            .in_epoch = count_of(json.at("in_epoch")),
            .first = count_of(json.at("first")),
            .why = json.at("why").get<std::string>()};
}

Json symptom_state_json(const SymptomState& state) {
    return {{"told", symptoms_json(state.told)},
            {"first_loss", number_json(state.first_loss)},
            {"first_gradient", number_json(state.first_gradient)}};
}

SymptomState symptom_state_of_json(const Json& json) {
    return {.told = symptoms_of_json(json.at("told")),
            .first_loss = number_of_json(json.at("first_loss")),
            .first_gradient = number_of_json(json.at("first_gradient"))};
}

}  // namespace

Json position_json(const TrainState& state) {
    Json json = {{"epoch", state.schedule.epoch},
                 {"batch", state.batch},
                 {"rate", number_json(state.schedule.rate)},
                 {"best", number_json(state.schedule.best)},
                 {"waited", state.schedule.waited},
                 {"best_epoch", state.best.epoch},
                 {"best_loss", number_json(state.best.loss)},
                 {"symptoms", symptom_state_json(state.symptoms)}};
    if (state.skipped.count > 0) {
        json["skipped"] = skipped_json(state.skipped);
    }
    return json;
}

void set_position(TrainState& state, const Json& json) {
    state.batch = count_of(json.at("batch"));
    state.schedule = {.rate = number_of_json(json.at("rate")),
                      .epoch = count_of(json.at("epoch")),
                      .best = number_of_json(json.at("best")),
                      .waited = count_of(json.at("waited"))};
    state.best = {.epoch = count_of(json.at("best_epoch")),
                  .loss = number_of_json(json.at("best_loss")),
                  .weights = {}};
    // Files of earlier versions have neither.
    if (const auto symptoms = json.find("symptoms"); symptoms != json.end()) {
        state.symptoms = symptom_state_of_json(*symptoms);
    }
    if (const auto skipped = json.find("skipped"); skipped != json.end()) {
        state.skipped = skipped_of_json(*skipped);
    }
    if (!std::isfinite(state.schedule.rate) || state.schedule.rate < 0) {
        throw std::runtime_error("a rate that cannot be");
    }
}

Json mark_json(const DataMark& mark) {
    return {{"rows", mark.rows},
            {"held_out", mark.held_out},
            {"window", mark.window},
            {"crc32", mark.checksum}};
}

DataMark mark_of_json(const Json& json) {
    return {.rows = static_cast<std::uint64_t>(count_of(json.at("rows"))),
            .held_out = static_cast<std::uint64_t>(count_of(json.at("held_out"))),
            .window = static_cast<std::uint64_t>(count_of(json.at("window"))),
            .checksum = static_cast<std::uint32_t>(count_of(json.at("crc32")))};
}

}  // namespace chainrule
