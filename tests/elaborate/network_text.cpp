#include "elaborate/network_text.h"

#include <gtest/gtest.h>

#include "eval/evaluate.h"
#include "lang/parser.h"
#include "notation/formula.h"

namespace chainrule::tests {
namespace {

std::string all(const Diagnostics& diagnostics, const SourceMap& sources) {
    std::string text;
    for (const Diagnostic& item : diagnostics.items()) {
        text += format_diagnostic(item, sources);
    }
    return text;
}

ElaborateOptions options_of(const Text& text) {
    return {.examples = text.examples, .defines = text.defines, .needs_loss = text.needs_loss};
}

std::string formula(const Elaborated& elaborated, const std::string& name, bool as_written) {
    const Graph& graph = elaborated.network.graph;
    const auto node = graph.find(name);
    if (!node) {
        return "no value " + name;
    }
    FormulaOptions options;
    options.definition = true;
    if (as_written) {
        options.as_written = [](NodeId) { return true; };
    }
    return write_formula(graph, *node, options);
}

struct Parsed {
    ast::Tree tree;
    ast::ExprId root = 0;
};

Parsed parse_one(SourceMap& sources, const std::string& expression) {
    Parsed parsed;
    Diagnostics diagnostics;
    const auto root =
        parse_expression(sources, sources.add("answer", expression), parsed.tree, diagnostics);
    if (!root) {
        throw UserError(diagnostics.items());
    }
    parsed.root = *root;
    return parsed;
}

std::string all(const UserError& error, const SourceMap& sources) {
    std::string text;
    for (const Diagnostic& item : error.diagnostics()) {
        text += format_diagnostic(item, sources);
    }
    return text;
}

}  // namespace

Elaborated network_of(const Text& text) {
    SourceMap sources;
    Diagnostics diagnostics;
    auto result = elaborate_text(text.file, text.text, options_of(text), sources, diagnostics);
    if (!result) {
        throw std::runtime_error(all(diagnostics, sources));
    }
    verify(result->network.graph);
    return *result;
}

std::string diagnostics_of(const Text& text) {
    SourceMap sources;
    Diagnostics diagnostics;
    const auto result =
        elaborate_text(text.file, text.text, options_of(text), sources, diagnostics);
    EXPECT_EQ(result.has_value(), !diagnostics.has_errors());
    return all(diagnostics, sources);
}

std::string diagnostics_of_file(const std::string& path) {
    SourceMap sources;
    Diagnostics diagnostics;
    const auto result = load_network(path, {}, sources, diagnostics);
    EXPECT_EQ(result.has_value(), !diagnostics.has_errors());
    return all(diagnostics, sources);
}

std::string written(const Elaborated& elaborated, const std::string& name) {
    return formula(elaborated, name, true);
}

std::string inlined(const Elaborated& elaborated, const std::string& name) {
    return formula(elaborated, name, false);
}

std::string type_of(const Elaborated& elaborated, const std::string& name) {
    const Graph& graph = elaborated.network.graph;
    const auto node = graph.find(name);
    return node ? to_string(graph.type(*node)) : "no value " + name;
}

std::string formula_in(const Elaborated& elaborated, const std::string& expression,
                       const std::map<std::string, std::string>& extra) {
    SourceMap sources;
    try {
        Graph graph = elaborated.network.graph;
        std::map<std::string, NodeId> bound;
        for (const auto& [name, text] : extra) {
            const Parsed parsed = parse_one(sources, text);
            bound[name] =
                elaborate_expression(*elaborated.scope, graph, parsed.tree, parsed.root).id;
        }
        const Parsed parsed = parse_one(sources, expression);
        const Expr result =
            elaborate_expression(*elaborated.scope, graph, parsed.tree, parsed.root, bound);
        return write_formula(graph, result.id);
    } catch (const UserError& error) {
        return all(error, sources);
    }
}

double value_in(const Elaborated& elaborated, const std::string& expression,
                const std::map<std::string, double>& values) {
    SourceMap sources;
    Graph graph = elaborated.network.graph;
    const Parsed parsed = parse_one(sources, expression);
    const Expr result = elaborate_expression(*elaborated.scope, graph, parsed.tree, parsed.root);
    Bindings bindings;
    for (const auto& [name, value] : values) {
        bindings.emplace(*graph.find(name), Tensor(value));
    }
    const std::vector<NodeId> roots{result.id};
    return evaluate(graph, roots, bindings)[0].data[0];
}

std::string names(const Elaborated& elaborated, const std::vector<NodeId>& nodes) {
    std::string text;
    for (const NodeId node : nodes) {
        text += (text.empty() ? "" : ", ") + elaborated.network.graph.name(node);
    }
    return text;
}

std::string weight_names(const Elaborated& elaborated) {
    std::vector<NodeId> nodes;
    for (const Weight& weight : elaborated.network.weights) {
        nodes.push_back(weight.node);
    }
    return names(elaborated, nodes);
}

}  // namespace chainrule::tests
