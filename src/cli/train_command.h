// What `train` is told on the command line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/table_options.h"
#include "train/training_data.h"

namespace chainrule {

struct TrainCommand {
    NetworkOptions network;
    DataRequest data;
    TableOptions table;
    TrainOverrides train;
    std::optional<std::int64_t> folds = std::nullopt;  // cross-validation
    bool stream = false;
    std::size_t buffer = std::size_t{1} << 16;
    std::string out;
    std::string resume;
    double checkpoint_every = 5;
    std::string log;
    std::string report;
    bool json = false;
    bool verbose = false;

    // Training that goes on is saved where it was.
    const std::string& saved_to() const { return out.empty() ? resume : out; }

    std::vector<std::string> files_read() const;

    void add_to(CLI::App& command);
};

}  // namespace chainrule
