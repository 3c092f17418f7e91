// build/chainrule as its users meet it: arguments, standard input, both outputs, exit code.
//
//     TempFolder folder;
//     folder.write("net.nn", "weight w\nloss w^2\n");
//     const ProgramRun run = run_program({"explain", "net.nn"}, {.folder = folder / ""});
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace chainrule::tests {

struct ProgramRun {
    int exit_code = -1;  // -n: killed by signal n
    std::string out;
    std::string err;
    double seconds = 0;
};

struct Surroundings {
    std::string folder = {};    // to run in; empty: the test's own
    std::string input = {};     // standard input
    std::string out_path = {};  // a file to take standard output instead, such as /dev/full
    // Set on top of the test's own environment: {"NO_COLOR", "1"}.
    std::vector<std::pair<std::string, std::string>> environment = {};
};

// Runs the program without a shell.
ProgramRun run_program(const std::vector<std::string>& arguments,
                       const Surroundings& surroundings = {});

// Any program, found as the shell finds it.
ProgramRun run_any(const std::vector<std::string>& command, const Surroundings& surroundings = {});

// The program on arguments that a shell reads, with its redirections.
ProgramRun run_line(const std::string& arguments, const std::string& folder);

// The worksheet of the README, abstract.
extern const char* const worksheet;

// Options that give its functions: sigmoid, sigmoid, half the squared error.
std::vector<std::string> worksheet_functions(
    const std::string& loss = "Loss(a, t) = 1/2*(a - t)^2");

}  // namespace chainrule::tests
