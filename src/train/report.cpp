#include "train/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "data/wording.h"
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

std::string skipped_text(const SkippedSteps& skipped) {
    return fmt::format("skipped {} that would have made a NaN or an infinity, the first {}",
                       counted(static_cast<std::uint64_t>(skipped.count), "step"), skipped.why);
}

Diagnostic failure_report(const TrainResult& result) {
    Diagnostic report = result.failure.value();
    const std::int64_t epoch = result.best.epoch > 0 ? result.best.epoch : result.schedule.epoch;
    report.message += fmt::format("; the weights are kept as they were after {}",
                                  epoch == 0 ? "initialisation" : fmt::format("epoch {}", epoch));
    return report;
}

std::string report_text(const Network& network, const TrainResult& result) {
    if (result.failure && result.epochs.empty()) {
        return "";
    }
    std::string text;
    if (result.interrupted) {
        text += fmt::format("interrupted; loss {}\n", short_number(result.train.loss));
    }
    if (result.skipped.count > 0) {
        text += skipped_text(result.skipped) + "\n";
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
        json["stopped"] = result.failure ? failure_report(result).message : "interrupted";
    }
    json.update(trouble_json(result.symptoms.told, result.skipped));
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace chainrule
