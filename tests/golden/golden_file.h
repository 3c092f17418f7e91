// A golden test is a text file: what it shows, a command, the files that the command reads, and
// what it must print.
//
//     # A single weight.
//     $ chainrule explain net.nn --at w=2
//     --- net.nn
//     weight w
//     loss w^2
//     --- expected
//     net.nn
//     ...
//
// Arguments are set off by blanks and may stand in single quotes. An exit code other than 0 is
// written after what is printed, as `[exit code 1]`. The errors that `verified` reports depend on
// the machine's last bits, so that they are written `~`.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace chainrule::tests {

struct GoldenFile {
    std::string path;
    std::string comment;                                     // its lines, with their #
    std::string command;                                     // without $
    std::vector<std::string> arguments;                      // of chainrule
    std::vector<std::pair<std::string, std::string>> files;  // name, text
    std::string expected;
};

// Throws std::runtime_error where the file is not of that form.
GoldenFile read_golden(const std::string& path);
void write_golden(const GoldenFile& golden);

// The paths of all, sorted.
std::vector<std::string> golden_paths();

// What the command prints, in the form of `expected`.
std::string run_golden(const GoldenFile& golden);

}  // namespace chainrule::tests
