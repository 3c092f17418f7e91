// The log of a training: the graph as TensorBoard's own classes write it, and runs that share a
// folder.
#include "train/training_log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <protozero/pbf_reader.hpp>

#include "data/test_files.h"
#include "network_text.h"
#include "render/graph_def.h"

namespace chainrule {
namespace {

const std::string logged_network = R"(
    input x[2]
    target y
    h = dense(x, 3, tanh)
    weight w[3] = 0.5
    p = dot(w, h)
    loss mean((p - y)^2)
)";

// Of lines of hexadecimal digits.
std::string bytes_of(const std::string& path) {
    std::ifstream file(path);
    std::string bytes;
    for (std::string line; std::getline(file, line);) {
        for (std::size_t at = 0; at + 1 < line.size(); at += 2) {
            bytes += static_cast<char>(std::stoi(line.substr(at, 2), nullptr, 16));
        }
    }
    return bytes;
}

TEST(TrainingLog, draws_the_graph_with_tensorboards_bytes) {
    const Network network = network_of(logged_network);
    const std::string expected = bytes_of(CHAINRULE_SOURCE_DIR "/tests/train/graph_def/bytes.txt");
    ASSERT_FALSE(expected.empty());
    EXPECT_EQ(graph_def(network.graph, {{network.loss}}), expected);
}

struct LoggedEvent {
    std::int64_t step = 0;
    bool starts = false;
};

// The fields of tensorflow/core/util/event.proto.
LoggedEvent event_of(std::string_view bytes) {
    LoggedEvent event;
    for (protozero::pbf_reader reader(bytes.data(), bytes.size()); reader.next();) {
        if (reader.tag() == 2) {
            event.step = reader.get_int64();
        } else {
            event.starts |= reader.tag() == 7;  // session_log
            reader.skip();
        }
    }
    return event;
}

std::vector<LoggedEvent> events_in(const std::string& path) {
    const std::string bytes = read_bytes(path);
    std::vector<LoggedEvent> events;
    for (std::size_t at = 0; at < bytes.size();) {
        std::size_t size = 0;
        for (std::size_t k = 8; k-- > 0;) {
            size = size << 8U | static_cast<unsigned char>(bytes[at + k]);
        }
        events.push_back(event_of(std::string_view(bytes).substr(at + 12, size)));
        at += 16 + size;
    }
    return events;
}

// In the order of their names, in which TensorBoard reads them.
std::vector<std::string> files_in(const std::string& folder) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        files.push_back(entry.path().string());
    }
    std::ranges::sort(files);
    return files;
}

// What TensorBoard shows of the files of a folder: a start drops the steps from its own on.
std::vector<std::int64_t> steps_shown(const std::string& folder) {
    std::vector<std::int64_t> steps;
    for (const std::string& file : files_in(folder)) {
        for (const LoggedEvent& event : events_in(file)) {
            if (event.starts) {
                std::erase_if(steps, [&](std::int64_t step) { return step >= event.step; });
            } else if (event.step > 0) {
                steps.push_back(event.step);
            }
        }
    }
    return steps;
}

void log_epochs(const std::string& folder, const Network& network, std::int64_t first,
                std::int64_t last) {
    const Dataset data = dataset_of({{1, 2}, {3, 4}}, {{1}, {2}});
    const TrainOptions options{.backend = Backend::reference};
    const auto source = source_in_memory(data);
    TrainingLog log(folder, network, options, *source);
    std::vector<Tensor> weights;
    for (const Weight& weight : network.weights) {
        const auto& shape = network.graph.type(weight.node).shape;
        weights.emplace_back(shape,
                             std::vector<double>(static_cast<std::size_t>(element_count(shape))));
    }
    for (std::int64_t epoch = first; epoch <= last; ++epoch) {
        log.write({.epoch = epoch, .train = {}, .validation = {}}, weights);
    }
}

TEST(TrainingLog,
     of_a_second_run_or_a_resumed_one_is_a_file_of_its_own_and_one_curve_with_the_first) {
    using Steps = std::vector<std::int64_t>;
    const TempFolder folder;
    const Network network = network_of(logged_network);
    const std::string train = folder / "train";
    log_epochs(folder / "", network, 1, 5);
    log_epochs(folder / "", network, 1, 3);
    EXPECT_EQ(files_in(train).size(), 2U);
    EXPECT_EQ(steps_shown(train), (Steps{1, 2, 3})) << "the first run's epochs are dropped";
    log_epochs(folder / "", network, 3, 4);
    EXPECT_EQ(files_in(train).size(), 3U);
    EXPECT_EQ(steps_shown(train), (Steps{1, 2, 3, 4})) << "the resumed run's epoch 3 is the newer";
}

}  // namespace
}  // namespace chainrule
