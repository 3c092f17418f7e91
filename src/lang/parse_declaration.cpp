// Declarations of values, and functions.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "lang/statement_parser.h"

namespace chainrule {

using ast::Role;

namespace {

Role role_of(std::string_view keyword) {
    if (keyword == "input") return Role::input;
    if (keyword == "target") return Role::target;
    return keyword == "weight" ? Role::weight : Role::constant;
}

}  // namespace

StatementParser::Statements StatementParser::parse_declarations() {
    const Token keyword = tokens_.take();
    const Role role = role_of(tokens_.text(keyword));
    if (!tokens_.at(TokenKind::name))
        tokens_.fail_expected(fmt::format("{} needs a name", tokens_.describe(keyword)));
    Statements statements;
    do {
        statements.push_back(parse_declaration(role));
    } while (tokens_.accept(TokenKind::comma));
    return statements;
}

ast::Statement StatementParser::parse_declaration(Role role) {
    const std::uint32_t begin = tokens_.current().begin;
    ast::Declaration declaration;
    declaration.role = role;
    declaration.name = parse_new_name("expected a name after ','");
    if (tokens_.at(TokenKind::left_bracket)) declaration.dimensions = parse_dimensions();
    if (role == Role::target && tokens_.accept(TokenKind::colon))
        declaration.classes = parse_classes();
    if (tokens_.at(TokenKind::equal_sign)) {
        tokens_.take_operator();
        declaration.value = expressions_.parse();
    } else if (role == Role::weight && tokens_.at(TokenKind::tilde)) {
        tokens_.take_operator();
        declaration.initialiser = parse_initialiser();
    }
    return statement(std::move(declaration), begin);
}

std::vector<ast::ExprId> StatementParser::parse_dimensions() {
    const Token opener = tokens_.open_bracket();
    std::vector<ast::ExprId> dimensions;
    do {
        dimensions.push_back(expressions_.parse_dimension());
    } while (tokens_.accept(TokenKind::comma));
    tokens_.close_bracket(TokenKind::right_bracket, opener);
    return dimensions;
}

ast::ExprId StatementParser::parse_classes() {
    const bool word = tokens_.at(TokenKind::name) && tokens_.text(tokens_.current()) == "class" &&
                      tokens_.peek().kind == TokenKind::left_paren;
    if (!word) tokens_.fail_expected("expected 'class(n)' after ':'");
    tokens_.take();
    const Token opener = tokens_.open_bracket();
    const ast::ExprId classes = expressions_.parse_dimension();
    tokens_.close_bracket(TokenKind::right_paren, opener);
    return classes;
}

ast::ExprId StatementParser::parse_initialiser() {
    const ast::ExprId id = expressions_.parse();
    const auto& node = tree_[id].node;
    const auto* call = std::get_if<ast::Call>(&node);
    const bool plain_call = call != nullptr && call->primes == 0 && call->derivative_of.empty();
    if (!plain_call && !std::holds_alternative<ast::Name>(node))
        tokens_.fail(tree_[id].span,
                     "an initialiser is a name or a call, such as he_normal or normal(0, 0.1); a "
                     "value follows '='");
    return id;
}

StatementParser::Statements StatementParser::parse_functions() {
    tokens_.take();
    Statements statements;
    statements.push_back(parse_function("'function' needs a name"));
    while (tokens_.accept(TokenKind::comma))
        statements.push_back(parse_function("expected a name after ','"));
    return statements;
}

// `f(a, t) = ...`, without the keyword.
StatementParser::Statements StatementParser::parse_definition() {
    return {parse_function("expected a name")};
}

ast::Statement StatementParser::parse_function(const std::string& expectation) {
    const std::uint32_t begin = tokens_.current().begin;
    ast::Function function;
    function.name = parse_new_name(expectation);
    if (tokens_.at(TokenKind::left_paren)) function.parameters = parse_parameters();
    if (tokens_.at(TokenKind::equal_sign)) {
        tokens_.take_operator();
        function.body = expressions_.parse();
    }
    return statement(std::move(function), begin);
}

std::vector<ast::Identifier> StatementParser::parse_parameters() {
    const Token opener = tokens_.open_bracket();
    std::vector<ast::Identifier> parameters;
    do {
        parameters.push_back(parse_new_name("a function's parameter is a name"));
    } while (tokens_.accept(TokenKind::comma));
    tokens_.close_bracket(TokenKind::right_paren, opener);
    check_distinct(parameters, tokens_);
    return parameters;
}

void check_distinct(const std::vector<ast::Identifier>& parameters, const TokenStream& tokens) {
    std::vector<const ast::Identifier*> sorted;
    for (const ast::Identifier& parameter : parameters) sorted.push_back(&parameter);
    std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
        return std::tie(a->name, a->span.begin) < std::tie(b->name, b->span.begin);
    });
    const auto twice =
        std::adjacent_find(sorted.begin(), sorted.end(),
                           [](const auto* a, const auto* b) { return a->name == b->name; });
    if (twice == sorted.end()) return;
    tokens.fail((*(twice + 1))->span, fmt::format("parameter '{}' is named twice", (*twice)->name),
                {{"it is first named here", (*twice)->span}});
}

}  // namespace chainrule
