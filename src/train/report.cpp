#include "train/report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "render/json_numbers.h"
#include "render/number_text.h"
#include "train/metrics_text.h"

namespace chainrule {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_printed_numbers = 1000;
constexpr std::size_t line_width = 80;
// A confusion matrix of more is not repeated after every epoch.
constexpr std::size_t most_printed_classes = 20;

// The training part has fewer columns beside a held-out part, so that a line fits a window.
Detail training_detail(const EpochRecord& record) {
    return record.validation ? Detail::first : Detail::all;
}

std::size_t number_count(const TrainResult& result) {
    std::size_t count = 0;
    for (const Tensor& weight : result.weights) {
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

Json epoch_json(const EpochRecord& record) {
    Json json;
    json["epoch"] = record.epoch;
    json["train"] = metrics_json(record.train, most_printed_classes);
    if (record.validation) {
        json["validation"] = metrics_json(*record.validation, most_printed_classes);
    }
    return json;
}

Json weights_json(const Network& network, const TrainResult& result) {
    Json json = Json::object();
    for (std::size_t i = 0; i < result.weights.size(); ++i) {
        json[network.graph.name(network.weights[i].node)] = tensor_json(result.weights[i]);
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

std::string epoch_heading(const EpochRecord& record) {
    std::string heading = "epoch" + metrics_heading(record.train, training_detail(record));
    if (record.validation) {
        heading += "  " + metrics_heading(*record.validation, Detail::all, "held out: ");
    }
    return heading + "\n";
}

std::string epoch_line(const EpochRecord& record) {
    std::string line =
        fmt::format("{:>5}", record.epoch) + metrics_columns(record.train, training_detail(record));
    if (record.validation) {
        line += "  " + metrics_columns(*record.validation, Detail::all);
    }
    return line + "\n";
}

std::string report_text(const Network& network, const TrainResult& result) {
    if (result.failure && result.epochs.empty()) {
        return "";
    }
    std::string text;
    if (result.interrupted) {
        text += fmt::format("interrupted; loss {}\n", short_number(result.train.loss));
    }
    if (result.test) {
        text += "test: " + metrics_line(*result.test) + "\n";
    }
    text += text.empty() ? "weights\n" : "\nweights\n";
    for (std::size_t i = 0; i < result.weights.size(); ++i) {
        text += weight_text(network.graph.name(network.weights[i].node), result.weights[i]);
    }
    return text;
}

std::string report_json(const Network& network, const TrainResult& result) {
    Json json;
    json["epochs"] = Json::array();
    for (const EpochRecord& record : result.epochs) {
        json["epochs"].push_back(epoch_json(record));
    }
    json["final"]["train"] = metrics_json(result.train, most_printed_classes);
    if (result.test) {
        json["final"]["test"] = metrics_json(*result.test, most_printed_classes);
    }
    if (number_count(result) <= most_printed_numbers) {
        json["weights"] = weights_json(network, result);
    }
    if (result.interrupted || result.failure) {
        json["stopped"] = result.failure ? result.failure->message : "interrupted";
    }
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace chainrule
