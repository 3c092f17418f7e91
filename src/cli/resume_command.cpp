#include "cli/resume_command.h"

#include <string_view>

namespace chainrule {
namespace {

// In single quotes, where nothing is special, unless it is plain.
std::string shell_word(const std::string& word) {
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=,:+@%";
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) {
        return word;
    }
    std::string quoted = "'";
    for (const char c : word) {
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return quoted + "'";
}

}  // namespace

std::string shell_line(const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& word : words) {
        line += (line.empty() ? "" : " ") + shell_word(word);
    }
    return line;
}

std::string resume_command(const std::vector<std::string>& command_line,
                           const std::string& checkpoint) {
    const std::string option = "--resume";
    std::vector<std::string> words;
    for (std::size_t i = 0; i < command_line.size(); ++i) {
        const std::string& word = command_line[i];
        if (word == option) {
            ++i;  // and its value
        } else if (!word.starts_with(option + "=")) {
            words.push_back(word);
        }
    }
    words.insert(words.end(), {option, checkpoint});
    return shell_line(words);
}

std::string explain_command(const std::string& program, const NetworkOptions& network,
                            const LeafValues& values) {
    std::vector<std::string> words{program, "explain", network.file};
    for (const std::string& define : network.defines) {
        words.insert(words.end(), {"--define", define});
    }
    for (const auto& [name, value] : values) {
        words.insert(words.end(), {"--at", name + "=" + format_tensor(value)});
    }
    return shell_line(words);
}

}  // namespace chainrule
