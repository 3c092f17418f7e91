#include "lang/ast_text.h"

#include <fmt/format.h>

#include <array>
#include <type_traits>

#include "lang/parser.h"

namespace chainrule::test {

namespace {

constexpr std::array<std::string_view, 12> operator_texts = {"+", "-",  "*", "/",  "@",  "^",
                                                             "<", "<=", ">", ">=", "==", "!="};
constexpr std::array<std::string_view, 4> role_texts = {"input", "target", "weight", "constant"};

template <typename... Visitors>
struct Overload : Visitors... {
    using Visitors::operator()...;
};

std::string text(const ast::Tree& tree, const ast::Call& call) {
    std::string out = "(" + call.callee + std::string(static_cast<std::size_t>(call.primes), '\'');
    for (const int position : call.derivative_of) out += fmt::format("#{}", position);
    for (const ast::Argument& argument : call.arguments) {
        out += ' ';
        if (!argument.keyword.empty()) out += argument.keyword + "=";
        out += to_text(tree, argument.value);
    }
    return out + ")";
}

std::string text(const ast::Tree& tree, const ast::Index& index) {
    std::string out = "(index " + to_text(tree, index.operand);
    for (const ast::Subscript& subscript : index.subscripts) {
        out += ' ';
        if (subscript.start) out += to_text(tree, *subscript.start);
        if (subscript.range) out += ':';
        if (subscript.stop) out += to_text(tree, *subscript.stop);
    }
    return out + ")";
}

std::string list(const ast::Tree& tree, const std::vector<ast::ExprId>& ids) {
    std::string out = "[";
    for (const ast::ExprId id : ids) {
        if (out.size() > 1) out += ' ';
        out += to_text(tree, id);
    }
    return out + "]";
}

std::string names(const std::vector<ast::Identifier>& identifiers) {
    std::string out;
    for (const ast::Identifier& identifier : identifiers) out += " " + identifier.name;
    return out;
}

std::string text(const ast::Tree& tree, const ast::Declaration& declaration) {
    std::string out = fmt::format("({} {}", role_texts[static_cast<std::size_t>(declaration.role)],
                                  declaration.name.name);
    if (!declaration.dimensions.empty()) out += " " + list(tree, declaration.dimensions);
    if (declaration.classes) out += " class " + to_text(tree, *declaration.classes);
    if (declaration.value) out += " = " + to_text(tree, *declaration.value);
    if (declaration.initialiser) out += " ~ " + to_text(tree, *declaration.initialiser);
    return out + ")";
}

std::string text(const ast::Tree& tree, const ast::Function& function) {
    std::string out = "(function " + function.name.name;
    if (!function.parameters.empty()) out += " (" + names(function.parameters).substr(1) + ")";
    if (function.body) out += " " + to_text(tree, *function.body);
    return out + ")";
}

std::string text(const ast::Tree& tree, const ast::Train& train) {
    std::string out = "(train";
    for (const ast::Setting& setting : train.settings)
        out += fmt::format(" {}={}", setting.key.name, to_text(tree, setting.value));
    return out + ")";
}

std::string text(const ast::Tree& tree, const ast::Layer& layer) {
    std::string out = "(layer " + layer.name.name + " (";
    for (const ast::LayerParameter& parameter : layer.parameters) {
        if (out.back() != '(') out += ' ';
        out += parameter.name.name;
        if (parameter.has_dimensions) out += list(tree, parameter.dimensions);
    }
    out += ")";
    for (const ast::Statement& statement : layer.body) out += " " + to_text(tree, statement);
    return out + " " + to_text(tree, layer.value) + ")";
}

std::string all_errors(const Diagnostics& diagnostics, const SourceMap& sources) {
    std::string out;
    for (const Diagnostic& item : diagnostics.items()) out += format_diagnostic(item, sources);
    return out;
}

std::string first_error(const Diagnostics& diagnostics) {
    return "error: " + diagnostics.items().front().message;
}

}  // namespace

std::string to_text(const ast::Tree& tree, ast::ExprId id) {
    return std::visit(
        Overload{
            [](const ast::Number& n) { return fmt::format("{}{}", n.value, n.integer ? "" : "f"); },
            [](const ast::Name& n) { return n.name; },
            [&](const ast::Array& n) { return list(tree, n.elements); },
            [&](const ast::Negate& n) { return "(neg " + to_text(tree, n.operand) + ")"; },
            [&](const ast::Binary& n) {
                return fmt::format("({} {} {})", operator_texts[static_cast<std::size_t>(n.op)],
                                   to_text(tree, n.lhs), to_text(tree, n.rhs));
            },
            [&](const ast::Transpose& n) { return "(' " + to_text(tree, n.operand) + ")"; },
            [&](const ast::Call& n) { return text(tree, n); },
            [&](const ast::Index& n) { return text(tree, n); },
        },
        tree[id].node);
}

std::string to_text(const ast::Tree& tree, const ast::Statement& statement) {
    return std::visit(
        Overload{
            [&](const ast::Equation& n) {
                return fmt::format("(= {} {})", n.name.name, to_text(tree, n.value));
            },
            [](const ast::Output& n) { return "(output" + names(n.names) + ")"; },
            [&](const ast::Loss& n) { return "(loss " + to_text(tree, n.value) + ")"; },
            [&](const ast::Penalty& n) { return "(penalty " + to_text(tree, n.value) + ")"; },
            [](const ast::Import& n) { return "(import " + n.path + ")"; },
            [&](const auto& n) { return text(tree, n); },
        },
        statement.node);
}

std::string text_of(std::string_view source) {
    SourceMap sources;
    Diagnostics diagnostics;
    const ast::Tree tree = parse(sources, sources.add("net.nn", std::string(source)), diagnostics);
    if (diagnostics.has_errors()) return first_error(diagnostics);
    std::string out;
    for (const ast::Statement& statement : tree.statements) {
        if (!out.empty()) out += '\n';
        out += to_text(tree, statement);
    }
    return out;
}

std::string text_of_expression(std::string_view source) {
    SourceMap sources;
    Diagnostics diagnostics;
    ast::Tree tree;
    const std::uint32_t file = sources.add("net.nn", std::string(source));
    const auto id = parse_expression(sources, file, tree, diagnostics);
    return id ? to_text(tree, *id) : first_error(diagnostics);
}

std::string text_of_answers(std::string_view source) {
    SourceMap sources;
    Diagnostics diagnostics;
    ast::Tree tree;
    const std::uint32_t file = sources.add("net.nn", std::string(source));
    const auto answers = parse_answers(sources, file, tree, diagnostics);
    if (diagnostics.has_errors()) return first_error(diagnostics);
    std::string out;
    for (const ast::Answer& answer : answers) {
        if (!out.empty()) out += '\n';
        out += fmt::format("({} {}", answer.update ? "<-" : "=", to_text(tree, answer.left));
        for (const ast::ExprId right : answer.right) out += " " + to_text(tree, right);
        out += ")";
    }
    return out;
}

std::string errors_of(std::string_view source) {
    SourceMap sources;
    Diagnostics diagnostics;
    parse(sources, sources.add("net.nn", std::string(source)), diagnostics);
    return all_errors(diagnostics, sources);
}

std::string errors_of_expression(std::string_view source) {
    SourceMap sources;
    Diagnostics diagnostics;
    ast::Tree tree;
    parse_expression(sources, sources.add("net.nn", std::string(source)), tree, diagnostics);
    return all_errors(diagnostics, sources);
}

std::string errors_of_answers(std::string_view source) {
    SourceMap sources;
    Diagnostics diagnostics;
    ast::Tree tree;
    parse_answers(sources, sources.add("answers.txt", std::string(source)), tree, diagnostics);
    return all_errors(diagnostics, sources);
}

}  // namespace chainrule::test
