// libFuzzer: any bytes as a text, an expression and an answer file. Besides what the sanitizers
// see, every tree must keep its children before their parents, every span must lie in its text, and
// every diagnostic must be printable.
#include "lang/parser.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <variant>

namespace {

using namespace chainrule;

void require(bool claim) {
    if (!claim) std::abort();
}

void check_children(const ast::Expr& expr, ast::ExprId id) {
    const auto before = [id](ast::ExprId child) { require(child < id); };
    if (const auto* node = std::get_if<ast::Array>(&expr.node))
        for (const ast::ExprId element : node->elements) before(element);
    if (const auto* node = std::get_if<ast::Negate>(&expr.node)) before(node->operand);
    if (const auto* node = std::get_if<ast::Transpose>(&expr.node)) before(node->operand);
    if (const auto* node = std::get_if<ast::Call>(&expr.node))
        for (const ast::Argument& argument : node->arguments) before(argument.value);
    if (const auto* node = std::get_if<ast::Binary>(&expr.node)) {
        before(node->lhs);
        before(node->rhs);
    }
    if (const auto* node = std::get_if<ast::Index>(&expr.node)) {
        before(node->operand);
        for (const ast::Subscript& subscript : node->subscripts) {
            if (subscript.start) before(*subscript.start);
            if (subscript.stop) before(*subscript.stop);
        }
    }
}

void check_span(Span span, const SourceMap& sources) {
    require(span.file == 1 && span.begin <= span.end && span.end <= sources.text(1).size());
}

void check(const ast::Tree& tree, const Diagnostics& diagnostics, const SourceMap& sources) {
    for (ast::ExprId id = 0; id < tree.expressions.size(); ++id) {
        check_children(tree[id], id);
        check_span(tree[id].span, sources);
    }
    for (const ast::Statement& statement : tree.statements) check_span(statement.span, sources);
    for (const Diagnostic& item : diagnostics.items()) {
        check_span(item.span, sources);
        for (const Note& note : item.notes) check_span(note.span, sources);
        require(!format_diagnostic(item, sources).empty());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    SourceMap sources;
    const auto file = sources.add("f", std::string(data, data + size));
    {
        Diagnostics diagnostics;
        const ast::Tree tree = parse(sources, file, diagnostics);
        check(tree, diagnostics, sources);
    }
    {
        Diagnostics diagnostics;
        ast::Tree tree;
        const auto id = parse_expression(sources, file, tree, diagnostics);
        require(id.has_value() == !diagnostics.has_errors());
        require(id ? *id + 1 == tree.expressions.size() : tree.expressions.empty());
        check(tree, diagnostics, sources);
    }
    {
        Diagnostics diagnostics;
        ast::Tree tree;
        const auto answers = parse_answers(sources, file, tree, diagnostics);
        for (const ast::Answer& answer : answers) {
            require(answer.left < tree.expressions.size() && !answer.right.empty());
            for (const ast::ExprId right : answer.right) require(right < tree.expressions.size());
        }
        check(tree, diagnostics, sources);
    }
    return 0;
}
