#include "commands.h"

#include <sys/wait.h>

#include <cctype>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <vector>

namespace chainrule {
namespace {

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-'; }

// The end of the tag that begins at `at`, or npos if its attributes are malformed.
std::size_t tag_end(const std::string& markup, std::size_t at) {
    while (at < markup.size() && is_name(markup[at])) {
        ++at;
    }
    while (at < markup.size() && markup[at] == ' ') {
        ++at;
        while (at < markup.size() && is_name(markup[at])) {
            ++at;
        }
        if (markup.compare(at, 2, "=\"") != 0) {
            return std::string::npos;
        }
        at = markup.find('"', at + 2);
        if (at == std::string::npos) {
            return at;
        }
        ++at;
    }
    at += at < markup.size() && markup[at] == '/' ? 1 : 0;
    return at < markup.size() && markup[at] == '>' ? at : std::string::npos;
}

bool is_entity(const std::string& markup, std::size_t at) {
    const std::size_t end = markup.find(';', at);
    if (end == std::string::npos || end - at > 8) {
        return false;
    }
    for (std::size_t i = at + 1; i < end; ++i) {
        if (!is_name(markup[i]) && markup[i] != '#') {
            return false;
        }
    }
    return true;
}

}  // namespace

CommandResult run_command(const std::string& command, const std::string& input) {
    const std::filesystem::path file =
        std::filesystem::temp_directory_path() /
        ("chainrule_input_" + std::to_string(std::hash<std::string>{}(input + command)));
    std::ofstream(file) << input;
    CommandResult result;
    FILE* pipe = popen(("(" + command + ") < " + file.string() + " 2>&1").c_str(), "r");
    if (pipe == nullptr) {
        return {-1, "popen failed"};
    }
    char buffer[4096];
    for (std::size_t n = fread(buffer, 1, sizeof buffer, pipe); n > 0;
         n = fread(buffer, 1, sizeof buffer, pipe)) {
        result.output.append(buffer, n);
    }
    result.status = WEXITSTATUS(pclose(pipe));
    std::filesystem::remove(file);
    return result;
}

std::string markup_error(const std::string& markup) {
    std::vector<std::string> open;
    for (std::size_t i = 0; i < markup.size(); ++i) {
        const std::string near = " at: " + markup.substr(i, 60);
        if (markup.compare(i, 9, "<!DOCTYPE") == 0) {
            i = markup.find('>', i);
            continue;
        }
        if (markup.compare(i, 7, "<style>") == 0) {
            i = markup.find("</style>", i) + 7;
            continue;
        }
        if (markup[i] == '&' && !is_entity(markup, i)) {
            return "bare &" + near;
        }
        if (markup[i] != '<') {
            continue;
        }
        const bool closes = markup.compare(i, 2, "</") == 0;
        const std::size_t begin = i + (closes ? 2 : 1);
        const std::size_t end = tag_end(markup, begin);
        std::size_t name_end = begin;
        while (name_end < markup.size() && is_name(markup[name_end])) {
            ++name_end;
        }
        if (end == std::string::npos || name_end == begin) {
            return "malformed tag" + near;
        }
        const std::string name = markup.substr(begin, name_end - begin);
        if (closes && (open.empty() || open.back() != name)) {
            return "closes what is not open" + near;
        }
        if (closes) {
            open.pop_back();
        } else if (markup[end - 1] != '/') {
            open.push_back(name);
        }
        i = end;
    }
    return open.empty() ? "" : "left open: " + open.back();
}

}  // namespace chainrule
