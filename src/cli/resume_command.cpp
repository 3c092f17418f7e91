#include "cli/resume_command.h"

#include <fmt/format.h>

#include <algorithm>
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

std::string same_input(const TrainCommand& options) {
    const std::vector<std::string> read = options.files_read();
    return std::ranges::find(read, "-") == read.end() ? "" : ", with the same standard input";
}

std::string how_to_replay(const TrainCommand& options, const LeafValues& failed_on, bool learnt,
                          const CommandContext& context) {
    constexpr std::size_t most_numbers = 50;
    std::size_t numbers = 0;
    for (const auto& [name, value] : failed_on) {
        numbers += value.size();
    }
    if (numbers > 0 && numbers <= most_numbers) {
        NetworkOptions network = options.network;
        const bool is_lost = network.file == "-";
        network.file = is_lost ? "net.nn" : network.file;
        return fmt::format("to replay it{}:\n  {}\n",
                           is_lost ? ", with the network saved as net.nn" : "",
                           explain_command(context.command_line.front(), network, failed_on));
    }
    const std::string& path = options.saved_to();
    return fmt::format("to replay it{}:\n  {}\n", same_input(options),
                       !path.empty() && learnt ? resume_command(context.command_line, path)
                                               : shell_line(context.command_line));
}

}  // namespace chainrule
