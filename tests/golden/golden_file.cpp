#include "golden/golden_file.h"

#include <algorithm>
#include <filesystem>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "data/test_files.h"
#include "support/run_program.h"

namespace chainrule::tests {
namespace {

const std::string expected_mark = "expected";

std::vector<std::string> split_arguments(const std::string& command) {
    std::vector<std::string> arguments;
    std::string argument;
    bool quoted = false;
    bool begun = false;
    for (const char c : command) {
        if (c == '\'') {
            quoted = !quoted;
            begun = true;
        } else if (c == ' ' && !quoted) {
            if (begun) {
                arguments.push_back(argument);
            }
            argument.clear();
            begun = false;
        } else {
            argument += c;
            begun = true;
        }
    }
    if (begun) {
        arguments.push_back(argument);
    }
    return arguments;
}

std::string without_last_bits(const std::string& text) {
    static const std::regex error("largest relative error [0-9.e+-]+");
    static const std::regex json_error("\"max_relative_error\":[0-9.e+-]+");
    return std::regex_replace(std::regex_replace(text, error, "largest relative error ~"),
                              json_error, "\"max_relative_error\":~");
}

}  // namespace

GoldenFile read_golden(const std::string& path) {
    GoldenFile golden;
    golden.path = path;
    std::istringstream in(read_bytes(path));
    std::string* section = nullptr;
    for (std::string line; std::getline(in, line);) {
        if (section == &golden.expected) {
            *section += line + "\n";
        } else if (line.starts_with("--- ")) {
            const std::string name = line.substr(4);
            section = name == expected_mark ? &golden.expected
                                            : &golden.files.emplace_back(name, "").second;
        } else if (section != nullptr) {
            *section += line + "\n";
        } else if (line.starts_with("$ chainrule ")) {
            golden.command = line.substr(2);
        } else if (line.starts_with('#')) {
            golden.comment += line + "\n";
        } else {
            throw std::runtime_error(path + ": neither comment nor command: " + line);
        }
    }
    golden.arguments = split_arguments(golden.command);
    if (golden.arguments.size() < 2) {
        throw std::runtime_error(path + ": has no command");
    }
    golden.arguments.erase(golden.arguments.begin());
    return golden;
}

void write_golden(const GoldenFile& golden) {
    std::ofstream out(golden.path, std::ios::binary);
    out << golden.comment << "$ " << golden.command << "\n";
    for (const auto& [name, text] : golden.files) {
        out << "--- " << name << "\n" << text;
    }
    out << "--- " << expected_mark << "\n" << golden.expected;
}

std::vector<std::string> golden_paths() {
    std::vector<std::string> paths;
    const std::filesystem::path folder =
        std::filesystem::path(CHAINRULE_SOURCE_DIR) / "tests" / "golden";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".golden") {
            paths.push_back(entry.path().string());
        }
    }
    std::ranges::sort(paths);
    return paths;
}

std::string run_golden(const GoldenFile& golden) {
    const TempFolder folder;
    for (const auto& [name, text] : golden.files) {
        folder.write(name, text);
    }
    const ProgramRun run = run_program(golden.arguments, {.folder = folder / ""});
    std::string text = run.out + run.err;
    if (run.exit_code != 0) {
        text += "[exit code " + std::to_string(run.exit_code) + "]\n";
    }
    return without_last_bits(text);
}

}  // namespace chainrule::tests
