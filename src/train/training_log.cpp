#include "train/training_log.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <filesystem>
#include <system_error>

#include "render/graph_def.h"

namespace chainrule {
namespace {

std::vector<Summary> scalars_of(const Metrics& metrics) {
    std::vector<Summary> summaries;
    const auto add = [&](std::string_view tag, double value) {
        if (std::isfinite(value)) {
            summaries.push_back({std::string(tag), value});
        }
    };
    add("loss", metrics.loss);
    for (const MetricField& field : metric_fields()) {
        if (const auto& value = metrics.*field.value) {
            add(field.key, *value);
        }
    }
    return summaries;
}

}  // namespace

TrainingLog::TrainingLog(const std::string& folder, const Network& network,
                         const TrainOptions& options, const ExampleSource& training)
    : folder_(folder),
      network_(network),
      objective_(make_objective(network, averaging_over(training.window()))),
      pool_(options.backend == Backend::reference ? 1 : options.threads),
      setup_{network, objective_, options, pool_},
      gradients_(setup_, training.window(), training.filled()) {}

EventFile& TrainingLog::file_of(const std::string& part, std::int64_t step) {
    std::unique_ptr<EventFile>& file = files_[part];
    if (file == nullptr) {
        file = std::make_unique<EventFile>(folder_ + "/" + part, step);
        if (part == "train") {
            file->write_graph(graph_def(network_.graph, {{network_.objective}}));
        }
    }
    return *file;
}

void TrainingLog::add_histograms(const std::string& group, std::span<const Tensor> tensors,
                                 std::vector<Summary>& summaries) const {
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        std::string tag = group + "/" + network_.graph.name(network_.weights[i].node);
        std::ranges::replace(tag, '.', '/');
        summaries.push_back({std::move(tag), histogram_of(tensors[i].data)});
    }
}

void TrainingLog::write(const EpochRecord& record, std::span<const Tensor> weights) {
    std::vector<Summary> summaries = scalars_of(record.train);
    summaries.push_back({"learning_rate", record.rate});
    add_histograms("weights", weights, summaries);
    add_histograms("gradients", gradients_.at(weights), summaries);
    file_of("train", record.epoch).write(record.epoch, summaries);
    if (record.validation) {
        file_of("validation", record.epoch).write(record.epoch, scalars_of(*record.validation));
    }
}

void TrainingLog::finish(const TrainResult& result) {
    if (result.test) {
        const std::int64_t last = result.epochs.empty() ? 0 : result.epochs.back().epoch;
        file_of("test", last).write(last, scalars_of(*result.test));
    }
}

void check_log_folder(const std::string& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (!error && ::access(folder.c_str(), W_OK | X_OK) != 0) {
        error = std::error_code(errno, std::generic_category());
    }
    if (!error && !std::filesystem::is_directory(folder)) {
        error = std::make_error_code(std::errc::not_a_directory);
    }
    if (error) {
        throw UserError(fmt::format("cannot write the log to {}: {}", folder, error.message()));
    }
}

}  // namespace chainrule
