#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/command.h"
#include "explain/gradient_check.h"
#include "explain/marking.h"
#include "render/json_numbers.h"
#include "render/number_text.h"

namespace chainrule {
namespace {

using Json = nlohmann::ordered_json;

struct CheckOptions {
    NetworkOptions network;
    std::string answers;
    bool json = false;
};

// --- gradients -----------------------------------------------------------------------------------

void print_checks(const std::vector<GradientCheck>& checks, const CheckOptions& options,
                  CommandContext& context) {
    const bool ok = std::ranges::all_of(checks, [](const GradientCheck& check) {
        return check.max_relative_error <= gradient_check_tolerance;
    });
    std::string text;
    Json weights = Json::array();
    for (const GradientCheck& check : checks) {
        weights.push_back({{"of", check.of},
                           {"max_relative_error", check.max_relative_error},
                           {"elements", check.elements},
                           {"points", check.points}});
        text += check.of + ": largest relative error " + format_number(check.max_relative_error) +
                " over " + std::to_string(check.elements) + " comparisons at " +
                std::to_string(check.points) + (check.points == 1 ? " point\n" : " points\n");
    }
    write_result("", options.json ? Json{{"weights", weights}, {"ok", ok}}.dump() + "\n" : text,
                 context);
    if (!ok) {
        throw InternalError("a gradient disagrees with finite differences");
    }
}

// --- answers -------------------------------------------------------------------------------------

std::string read_answers(const std::string& path) {
    std::ifstream file;
    if (path != "-") {
        file.open(path, std::ios::binary);
    }
    std::istream& in = path == "-" ? std::cin : file;
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in && !in.eof()) {
        throw UserError(path + ": cannot be read");
    }
    return text;
}

std::string_view word(Mark mark) {
    switch (mark) {
    case Mark::right:
        return "right";
    case Mark::wrong:
        return "wrong";
    case Mark::follows:
        return "follows";
    case Mark::defined:
        return "defined";
    }
    throw InternalError("a mark without a word");
}

Json to_json(const MarkedLine& line) {
    Json object{{"line", line.line}, {"text", line.text}, {"mark", word(line.mark)}};
    if (!line.reason.empty()) {
        object["reason"] = line.reason;
    }
    if (line.shown) {
        object["at"] = Json::object();
        for (const auto& [name, value] : line.shown->at) {
            object["at"][name] = tensor_json(value);
        }
        object["yours"] = tensor_json(line.shown->yours);
        object["right"] = tensor_json(line.shown->right);
    }
    return object;
}

// On one line.
std::string shown(const Tensor& tensor) {
    std::string text;
    for (const std::string& line : tensor_lines(tensor, 60)) {
        text += (text.empty() ? "" : " ") + line.substr(line.find_first_not_of(' '));
    }
    return text;
}

std::size_t count_numbers(const Counterexample& point) {
    std::size_t count = point.yours.size();
    for (const auto& [name, value] : point.at) {
        count += value.size();
    }
    return count;
}

std::string to_text(const MarkedLine& line) {
    std::string text =
        std::to_string(line.line) + ": " + std::string(word(line.mark)) + "  " + line.text + "\n";
    if (!line.reason.empty()) {
        text += "     " + line.reason + "\n";
    }
    constexpr std::size_t max_numbers = 24;
    if (line.shown && count_numbers(*line.shown) > max_numbers) {
        text += "     (--json prints a point that shows it)\n";
    } else if (line.shown) {
        std::string at;
        for (const auto& [name, value] : line.shown->at) {
            at += (at.empty() ? "" : ", ") + name + " = " + shown(value);
        }
        text += (at.empty() ? "     " : "     at " + at + ": ") + "yours is " +
                shown(line.shown->yours) + ", right is " + shown(line.shown->right) + "\n";
    }
    return text;
}

void mark(const Elaborated& elaborated, const CheckOptions& options, CommandContext& context) {
    const std::uint32_t file = context.sources.add(options.answers, read_answers(options.answers));
    Diagnostics diagnostics;
    const std::vector<MarkedLine> lines =
        mark_answers(elaborated, file, options.network.values(), context.sources, diagnostics);
    Json array = Json::array();
    std::string text;
    std::size_t wrong = 0;
    for (const MarkedLine& line : lines) {
        array.push_back(to_json(line));
        text += to_text(line);
        wrong += line.mark == Mark::wrong || line.mark == Mark::follows;
    }
    const bool ok = wrong == 0 && !diagnostics.has_errors();
    if (!lines.empty()) {
        text += std::to_string(lines.size() - wrong) + " of " + std::to_string(lines.size()) +
                " lines right\n";
    }
    write_result(
        "",
        options.json ? Json{{"lines", array}, {"wrong", wrong}, {"ok", ok}}.dump() + "\n" : text,
        context);
    for (const Diagnostic& diagnostic : diagnostics.items()) {
        print(diagnostic, context);
    }
    context.exit_code = ok ? 0 : 1;
}

void run(const CheckOptions& options, CommandContext& context) {
    const Elaborated elaborated = load(options.network, Examples::one, context);
    if (options.answers.empty()) {
        print_checks(check_gradients(elaborated.network, options.network.values()), options,
                     context);
    } else {
        mark(elaborated, options, context);
    }
}

}  // namespace

void add_check_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<CheckOptions>();
    CLI::App* command = app.add_subcommand(
        "check", "compares every gradient with finite differences, or marks a file of answers");
    options->network.add_to(*command);
    command
        ->add_option("--answers", options->answers,
                     "a file of answers, one equality per line; - is standard input")
        ->type_name("FILE");
    command->add_flag("--json", options->json, "print one JSON object");
    command->footer(
        "Example:\n  chainrule check worksheet_given.nn --answers answers.txt\n\n"
        "  where answers.txt holds lines like\n"
        "    da2/dz2 = a2 * (1 - a2)\n"
        "    dLoss/dw2 = (a2 - y) * a2 * (1 - a2) * a1\n"
        "    w2 <- w2 - alpha * (a2 - y) * a2 * (1 - a2) * a1");
    command->callback([options, &context] { run(*options, context); });
}

}  // namespace chainrule
