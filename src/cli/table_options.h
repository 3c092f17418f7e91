// How a table's file is written and which of its columns is the target: options of every command
// that reads data.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "data/table.h"

namespace chainrule {

struct TableOptions {
    std::string target;     // --target
    std::string weights;    // --weights
    std::string delimiter;  // --delimiter
    std::string header = "auto";

    // `usual_target` says which column is the target where none is named.
    void add_to(CLI::App& command, const std::string& usual_target);
    void add_format_to(CLI::App& command);  // all but the columns
    CLI::Option* add_weights_to(CLI::App& command);
    // UserError for a delimiter that is none.
    TableFormat format() const;
};

}  // namespace chainrule
