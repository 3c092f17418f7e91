#include "support/texts.h"

#include <stdexcept>

#include "lang/parser.h"

namespace chainrule::tests {
namespace {

[[noreturn]] void fail(const Diagnostics& diagnostics, const SourceMap& sources) {
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics.items()) {
        text += format_diagnostic(diagnostic, sources);
    }
    throw std::runtime_error(text);
}

}  // namespace

Elaborated elaborated(const std::string& text) {
    SourceMap sources;
    Diagnostics diagnostics;
    ElaborateOptions options;
    options.needs_loss = false;
    auto network = elaborate_text("test.nn", text, options, sources, diagnostics);
    if (!network) {
        fail(diagnostics, sources);
    }
    return std::move(*network);
}

Expr expression(const Elaborated& network, Graph& graph, const std::string& text,
                const std::map<std::string, NodeId>& extra) {
    SourceMap sources;
    Diagnostics diagnostics;
    ast::Tree tree;
    const auto root = parse_expression(sources, sources.add("formula", text), tree, diagnostics);
    if (!root) {
        fail(diagnostics, sources);
    }
    return elaborate_expression(*network.scope, graph, tree, *root, extra);
}

}  // namespace chainrule::tests
