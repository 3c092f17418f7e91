#include "train/history_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "render/json_numbers.h"
#include "train/metrics_text.h"

namespace chainrule {
namespace {

using Json = nlohmann::ordered_json;

Metrics metrics_of_json(const Json& json) {
    Metrics metrics;
    metrics.loss = number_of_json(json.at("loss"));
    for (const MetricField& field : metric_fields()) {
        if (const auto found = json.find(field.key); found != json.end()) {
            metrics.*field.value = number_of_json(*found);
        }
    }
    if (const auto found = json.find("confusion"); found != json.end()) {
        found->get_to(metrics.confusion);
    }
    return metrics;
}

}  // namespace

Json epoch_json(const EpochRecord& record) {
    Json json;
    json["epoch"] = record.epoch;
    json["rate"] = number_json(record.rate);
    json["train"] = metrics_json(record.train, most_recorded_classes);
    if (record.validation) {
        json["validation"] = metrics_json(*record.validation, most_recorded_classes);
    }
    return json;
}

EpochRecord epoch_of_json(const Json& json) {
    EpochRecord record{.epoch = json.at("epoch").get<std::int64_t>(),
                       .train = metrics_of_json(json.at("train")),
                       .validation = std::nullopt,
                       .rate = number_of_json(json.at("rate"))};
    if (const auto found = json.find("validation"); found != json.end()) {
        record.validation = metrics_of_json(*found);
    }
    return record;
}

Json symptoms_json(const std::vector<Symptom>& symptoms) {
    Json json = Json::array();
    for (const Symptom& symptom : symptoms) {
        json.push_back(
            {{"name", symptom.name}, {"epoch", symptom.epoch}, {"message", symptom.message}});
    }
    return json;
}

Json trouble_json(const std::vector<Symptom>& symptoms, const SkippedSteps& skipped) {
    Json json = Json::object();
    if (!symptoms.empty()) {
        json["symptoms"] = symptoms_json(symptoms);
    }
    if (skipped.count > 0) {
        json["skipped"] = {{"steps", skipped.count},
                           {"first", {{"step", skipped.first}, {"message", skipped.why}}}};
    }
    return json;
}

std::vector<Symptom> symptoms_of_json(const Json& json) {
    std::vector<Symptom> symptoms;
    for (const Json& each : json) {
        symptoms.push_back({.name = each.at("name").get<std::string>(),
                            .epoch = each.at("epoch").get<std::int64_t>(),
                            .message = each.at("message").get<std::string>()});
    }
    return symptoms;
}

std::string history_text(const std::vector<EpochRecord>& epochs, std::size_t most_bytes) {
    std::vector<std::string> latest_first;
    std::size_t bytes = 2;
    for (auto record = epochs.rbegin(); record != epochs.rend(); ++record) {
        std::string text = epoch_json(*record).dump();
        bytes += text.size() + 1;
        if (bytes > most_bytes) {
            break;
        }
        latest_first.push_back(std::move(text));
    }
    std::string all = "[";
    std::for_each(latest_first.rbegin(), latest_first.rend(),
                  [&](const std::string& text) { all += (all.size() == 1 ? "" : ",") + text; });
    return all + "]";
}

}  // namespace chainrule
