// What the commands that use a trained model share: MODEL, --data and how its file is written,
// --threads and --backend.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/table_options.h"
#include "train/model_rows.h"
#include "train/model_setup.h"

namespace chainrule {

struct ModelOptions {
    std::string model;
    DataRequest data;
    TableOptions table;
    std::size_t threads = 0;
    std::string backend = "native";
    bool verbose = false;

    // `with_target` where the data is compared with its target.
    void add_to(CLI::App& command, bool with_target);
    // The rows of --data, for a model that outlives them.
    std::unique_ptr<ModelRows> open(const Model& model, Target target) const;
    Backend chosen_backend() const;
};

}  // namespace chainrule
