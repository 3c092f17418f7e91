#include "cli/command.h"

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
    nlohmann::json object;
    try {
        object = nlohmann::json::parse(file);
    } catch (const nlohmann::json::exception& error) {
        throw UserError(
            "--at-file " + path + ": not JSON (byte " +
            std::to_string(static_cast<const nlohmann::json::parse_error&>(error).byte) +
            "); expected one object, like {\"x\": 0.5, \"W\": [[1, 2], [3, 4]]}");
    }
    if (!object.is_object()) {
        throw UserError("--at-file " + path +
                        ": expected one object, like {\"x\": 0.5, \"W\": [[1, 2], [3, 4]]}");
    }
    NamedValues values;
    for (const auto& [name, value] : object.items()) {
        values.insert_or_assign(name,
                                parse_tensor(value.dump(), "--at-file " + path + ": " + name));
    }
    return values;
}

}  // namespace

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

void write_result(const std::string& path, const std::string& text, CommandContext& context) {
    if (!path.empty() && path != "-") {
        write_file_atomically(path, text);
        return;
    }
    context.out << text << std::flush;
    if (!context.out) {
        throw UserError("cannot write to standard output: is the disk full?");
    }
}

}  // namespace chainrule
