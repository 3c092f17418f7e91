#include "train/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "render/json_numbers.h"
#include "render/number_text.h"
#include "train/history_json.h"
#include "train/metrics_text.h"

namespace chainrule {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_printed_numbers = 1000;
constexpr std::size_t line_width = 80;

std::size_t number_count(const TrainResult& result) {
    std::size_t count = 0;
    for (const Tensor& weight : result.model_weights()) {
        count += weight.size();
    }
    return count;
}

std::string weight_text(const std::string& name, const Tensor& value) {
    const std::string head = "  " + name + " = ";
    std::string text;
    for (const std::string& line : tensor_lines(
             value, static_cast<int>(line_width - std::min(line_width / 2, head.size())))) {
        text += (text.empty() ? head : std::string(head.size(), ' ')) + line + "\n";
    }
    return text;
}

Json weights_json(const Network& network, const TrainResult& result) {
    Json json = Json::object();
    for (std::size_t i = 0; i < result.model_weights().size(); ++i) {
        json[network.graph.name(network.weights[i].node)] = tensor_json(result.model_weights()[i]);
    }
    return json;
}

}  // namespace

std::string data_line(const TrainingSources& data) {
    std::string line = fmt::format("training on {} rows", data.training->rows());
    if (data.validation) {
        line += fmt::format(", {} held out", data.validation->rows());
    }
    if (data.test) {
        line += fmt::format(", testing on {}", data.test->rows());
    }
    return line + "\n";
}

std::string epoch_heading(const EpochRecord& record, std::size_t width) {
    const std::string head = std::string("epoch") + (record.validation ? "         " : "");
    return head + metrics_heading(record.train, width - std::min(width, head.size())) + "\n";
}

std::string epoch_lines(const EpochRecord& record, std::size_t width) {
    const auto line = [&](const std::string& head, const Metrics& metrics) {
        return head + metrics_columns(metrics, width - std::min(width, head.size())) + "\n";
    };
    const std::string epoch = fmt::format("{:>5}", record.epoch);
    if (!record.validation) {
        return line(epoch, record.train);
    }
    return line(epoch + " training", record.train) +
           line(fmt::format("{:>5} held out", ""), *record.validation);
}

std::string symptom_text(const Symptom& symptom) {
    return symptom.epoch == 0 ? symptom.message
                              : fmt::format("after epoch {}: {}", symptom.epoch, symptom.message);
}

std::string report_text(const Network& network, const TrainResult& result) {
    if (result.failure && result.epochs.empty()) {
        return "";
    }
    std::string text;
    if (result.interrupted) {
        text += fmt::format("interrupted; loss {}\n", short_number(result.train.loss));
    }
    if (const SkippedSteps& skipped = result.skipped; skipped.count > 0) {
        text += fmt::format(
            "skipped {} step{} that would have made a NaN or an infinity, the first {}\n",
            skipped.count, skipped.count == 1 ? "" : "s", skipped.why);
    }
    if (!result.convergence.empty()) {
        text += result.convergence + "\n";
    }
    if (result.best.epoch > 0) {
        text += fmt::format("best epoch: {}, with a loss of {}; its weights are kept\n",
                            result.best.epoch, short_number(result.best.loss));
    }
    if (result.test) {
        text += "test: " + metrics_line(*result.test) + "\n";
    }
    text += text.empty() ? "weights\n" : "\nweights\n";
    for (std::size_t i = 0; i < result.model_weights().size(); ++i) {
        text += weight_text(network.graph.name(network.weights[i].node), result.model_weights()[i]);
    }
    return text;
}

std::string report_json(const Network& network, const TrainResult& result) {
    Json json;
    json["epochs"] = Json::array();
    for (const EpochRecord& record : result.epochs) {
        json["epochs"].push_back(epoch_json(record));
    }
    json["final"]["train"] = metrics_json(result.train);
    if (result.test) {
        json["final"]["test"] = metrics_json(*result.test);
    }
    if (result.best.epoch > 0) {
        json["final"]["epoch"] = result.best.epoch;
    }
    if (number_count(result) <= most_printed_numbers) {
        json["weights"] = weights_json(network, result);
    }
    if (!result.convergence.empty()) {
        json["stopped"] = result.convergence;
    } else if (result.interrupted || result.failure) {
        json["stopped"] = result.failure ? result.failure->message : "interrupted";
    }
    if (!result.symptoms.told.empty()) {
        json["symptoms"] = symptoms_json(result.symptoms.told);
    }
    if (const SkippedSteps& skipped = result.skipped; skipped.count > 0) {
        json["skipped"] = {{"steps", skipped.count},
                           {"first", {{"step", skipped.first}, {"message", skipped.why}}}};
    }
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace chainrule
