// Programs that tests ask for a second opinion; a test skips by name where one is missing.
#pragma once

#include <string>

namespace chainrule {

struct CommandResult {
    int status = 0;      // as the shell gives it
    std::string output;  // standard output and error
};

// Runs a shell command with `input` as its standard input.
CommandResult run_command(const std::string& command, const std::string& input = {});

// An empty string, or the text of what is wrong with the markup as XML: a tag left open, an
// attribute without quotes, a bare `<` or `&`.
std::string markup_error(const std::string& markup);

}  // namespace chainrule
