#include "cli/command.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

#include "data/atomic_file.h"
#include "explain/chain_numbers.h"

namespace chainrule {
namespace {

NamedValues read_at_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw UserError("--at-file " + path + ": cannot be read");
    }
    // Nested deeper than any tensor, a value could not be written without exhausting the stack.
    constexpr int deepest = 64;
    const auto check_depth = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
        if (depth > deepest) {
            throw UserError("--at-file " + path + ": brackets nest more than " +
                            std::to_string(deepest) + " deep");
        }
        return true;
    };
    const std::string expected =
        "; expected one object, like {\"x\": 0.5, \"W\": [[1, 2], [3, 4]]}";
    nlohmann::json object;
    try {
        object = nlohmann::json::parse(file, check_depth);
    } catch (const nlohmann::json::parse_error& error) {
        throw UserError("--at-file " + path + ": not JSON (byte " + std::to_string(error.byte) +
                        ")" + expected);
    } catch (const nlohmann::json::exception&) {
        throw UserError("--at-file " + path + ": a number overflows a double" + expected);
    }
    if (!object.is_object()) {
        throw UserError("--at-file " + path + ": not an object" + expected);
    }
    NamedValues values;
    for (const auto& [name, value] : object.items()) {
        values.insert_or_assign(
            name, parse_tensor(value.dump(), fmt::format("--at-file {}: {}", path, name)));
    }
    return values;
}

}  // namespace

CLI::Validator not_empty(const std::string& wanted) {
    return {[wanted](const std::string& value) {
                return value.empty() ? "it is empty: " + wanted : std::string();
            },
            ""};
}

void NetworkOptions::add_to(CLI::App& command, bool with_values) {
    command.add_option("FILE", file, "the network, a .nn file; - is standard input")->required();
    command
        .add_option("--define", defines,
                    "an equation that defines a function, like 'g1 = sigmoid'; may be repeated")
        ->type_name("EQ")
        ->allow_extra_args(false);
    if (!with_values) {
        return;
    }
    command.add_option("--at", at, "a value, like x=0.5 or 'W=[[1,2],[3,4]]'; may be repeated")
        ->type_name("NAME=VALUE")
        ->allow_extra_args(false);
    command.add_option("--at-file", at_file, "values as one JSON object, name to number or array")
        ->type_name("JSON");
}

NamedValues NetworkOptions::values() const {
    NamedValues values = at_file.empty() ? NamedValues{} : read_at_file(at_file);
    for (const std::string& text : at) {
        auto [name, value] = parse_at(text);
        values.insert_or_assign(std::move(name), std::move(value));
    }
    return values;
}

Elaborated load(const NetworkOptions& options, Examples examples, CommandContext& context,
                bool needs_loss) {
    Diagnostics diagnostics;
    ElaborateOptions elaborate;
    elaborate.examples = examples;
    elaborate.defines = options.defines;
    elaborate.needs_loss = needs_loss;
    auto elaborated = load_network(options.file, elaborate, context.sources, diagnostics);
    if (!elaborated) {
        throw UserError(diagnostics.items());
    }
    for (const Diagnostic& diagnostic : diagnostics.items()) {
        print(diagnostic, context);
    }
    return std::move(*elaborated);
}

void print(const Diagnostic& diagnostic, CommandContext& context) {
    std::string text = format_diagnostic(diagnostic, context.sources, context.colour_err());
    if (!text.ends_with('\n')) {
        text += '\n';
    }
    context.err << text;
}

void print_all(std::span<const Diagnostic> diagnostics, CommandContext& context) {
    for (const Diagnostic& diagnostic : diagnostics) {
        print(diagnostic, context);
    }
}

void print_unanswered(std::uint64_t rows, std::string_view source, CommandContext& context) {
    if (rows > 0) {
        print({.severity = Severity::warning,
               .message = fmt::format("{} of the rows of {} have no answer: the network makes nan "
                                      "of them",
                                      rows, source),
               .span = {},
               .notes = {}},
              context);
    }
}

PictureNumbers picture_numbers(const Network& network, const NamedValues& at) {
    const Bindings given = given_values(network, at);
    if (network.objective.valid()) {
        const Chain chain = chain_of(network, differentiable_leaves(network));
        ChainNumbers numbers = chain_numbers(network, chain, {}, given);
        return {std::move(numbers.values), std::move(numbers.gradients)};
    }
    PictureNumbers numbers;
    const std::vector<bool> computable = computable_nodes(network.graph, given);
    std::vector<NodeId> roots;
    for (const NodeId id : network.graph.named()) {
        if (computable[id.index]) {
            roots.push_back(id);
        }
    }
    numbers.values = evaluate_all(network.graph, roots, given);
    return numbers;
}

void flush_out(CommandContext& context) {
    context.out << std::flush;
    if (!context.out) {
        throw UserError("cannot write to standard output: is the disk full, or who reads it gone?");
    }
}

CLI::Option* add_out_option(CLI::App& command, std::string& path, const std::string& help) {
    return command.add_option("-o,--out,--output", path, help)
        ->type_name("PATH")
        ->check(not_empty("give the path of a file, or leave the option out"));
}

void keep_inputs(const std::string& out, const std::vector<std::string>& inputs) {
    for (const std::string& input : inputs) {
        std::error_code none;  // of a path that is no file yet, or names none
        if (!out.empty() && !input.empty() && std::filesystem::equivalent(out, input, none)) {
            throw UserError("cannot write " + out + ": it is read here; choose another name");
        }
    }
}

void write_result(const std::string& path, const std::string& text, CommandContext& context) {
    if (!path.empty() && path != "-") {
        write_file_atomically(path, text);
        return;
    }
    context.out << text;
    flush_out(context);
}

}  // namespace chainrule
