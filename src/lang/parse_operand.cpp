// Operands: names, numbers, calls, arrays, brackets, and what may follow one.
#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "lang/expression_parser.h"
#include "lang/parser.h"

namespace chainrule {

using ast::ExprId;

ExprId ExpressionParser::parse_postfix() {
    const std::uint32_t begin = tokens_.current().begin;
    ExprId operand = parse_primary();
    for (;;) {
        const ExprId whole = parse_postfix_operator(operand, begin);
        if (whole == operand) return operand;
        operand = whole;
    }
}

// `operand` itself if nothing follows it.
ExprId ExpressionParser::parse_postfix_operator(ExprId operand, std::uint32_t begin) {
    const Token& next = tokens_.current();
    // A bracket on a new line belongs to the next element of an array whose comma was forgotten.
    const bool same_line = !next.after_newline;
    switch (next.kind) {
    case TokenKind::prime:
    case TokenKind::transpose:
        tokens_.take();
        return add_operator(ast::Transpose{operand}, tokens_.span_from(begin));
    case TokenKind::superscript:
        return parse_superscript(operand, begin);
    case TokenKind::left_bracket:
        return same_line ? parse_index(operand, begin) : operand;
    case TokenKind::left_paren:
        return same_line ? parse_derivative_call(operand, begin) : operand;
    default:
        return operand;
    }
}

ExprId ExpressionParser::parse_superscript(ExprId operand, std::uint32_t begin) {
    const Token token = tokens_.take();
    const auto value = superscript_value(tokens_.text(token));
    if (!value)
        tokens_.fail(tokens_.span(token),
                     fmt::format("{} is not an exponent", tokens_.describe(token)));
    const Span span = tokens_.span(token);
    ExprId exponent = add(ast::Number{std::abs(static_cast<double>(*value)), true}, span);
    if (*value < 0) exponent = add_operator(ast::Negate{exponent}, span);
    return add_operator(ast::Binary{ast::BinaryOp::power, operand, exponent, span},
                        tokens_.span_from(begin));
}

ExprId ExpressionParser::parse_primary() {
    switch (tokens_.current().kind) {
    case TokenKind::number:
        return parse_number();
    case TokenKind::name:
        return parse_name();
    case TokenKind::left_paren:
        return parse_parenthesised();
    case TokenKind::left_bracket:
        return parse_array();
    default:
        fail_operand();
    }
}

void ExpressionParser::fail_operand() const {
    const Token& before = tokens_.previous();
    const bool comment = before.kind == TokenKind::slash && tokens_.at(TokenKind::slash);
    if (comment)
        tokens_.fail(tokens_.span(tokens_.current()),
                     "expected an expression after '/', found '/': comments begin with '#'");
    if (before.end == 0 || before.kind == TokenKind::newline)
        tokens_.fail_expected("expected an expression");
    tokens_.fail_expected(fmt::format("expected an expression after {}", tokens_.describe(before)));
}

ExprId ExpressionParser::parse_number() {
    const Token token = tokens_.take();
    const std::string_view text = tokens_.text(token);
    const auto value = number_value(text);
    if (!value)
        tokens_.fail(tokens_.span(token),
                     fmt::format("the number {} is too large for a double, which ends at 1.8e308",
                                 tokens_.describe(token)));
    const bool integer = text.find_first_of(".eE") == std::string_view::npos;
    return add(ast::Number{*value, integer}, tokens_.span(token));
}

// A name, with primes that are transposes, or derivatives if a call follows.
ExprId ExpressionParser::parse_name() {
    const Token name = tokens_.take();
    const std::size_t mark = tree_.expressions.size();
    const int operators = operators_;
    ExprId operand = add(ast::Name{identifier_of(tokens_, name).name}, tokens_.span(name));
    int primes = 0;
    while (tokens_.at(TokenKind::prime)) {
        tokens_.take();
        ++primes;
        operand = add_operator(ast::Transpose{operand}, tokens_.span_from(name.begin));
    }
    if (!tokens_.at(TokenKind::left_paren) || tokens_.current().after_newline) return operand;
    tree_.expressions.resize(mark);
    operators_ = operators;
    if (primes > max_nesting)
        tokens_.fail(tokens_.span_from(name.begin),
                     fmt::format("a derivative has an order of at most {}", max_nesting));
    return parse_call(name, primes);
}

ExprId ExpressionParser::parse_parenthesised() {
    const Nested nested(*this);
    const Token opener = tokens_.open_bracket();
    const ExprId inner = parse_comparison();
    tokens_.close_bracket(TokenKind::right_paren, opener);
    return inner;
}

ExprId ExpressionParser::parse_array() {
    const Nested nested(*this);
    const Token opener = tokens_.open_bracket();
    if (tokens_.at(TokenKind::right_bracket))
        tokens_.fail(tokens_.span(opener), "an array needs at least one element");
    ast::Array array;
    do {
        array.elements.push_back(parse_comparison());
    } while (tokens_.accept(TokenKind::comma));
    tokens_.close_bracket(TokenKind::right_bracket, opener);
    return add(std::move(array), tokens_.span_from(opener.begin));
}

ExprId ExpressionParser::parse_call(const Token& name, int primes) {
    const Nested nested(*this);
    ast::Call call;
    const ast::Identifier callee = identifier_of(tokens_, name);
    call.callee = callee.name;
    call.callee_span = callee.span;
    call.primes = primes;
    call.arguments = parse_arguments();
    return add_operator(std::move(call), tokens_.span_from(name.begin));
}

std::vector<ast::Argument> ExpressionParser::parse_arguments() {
    const Token opener = tokens_.open_bracket();
    std::vector<ast::Argument> arguments;
    if (!tokens_.at(TokenKind::right_paren)) {
        do {
            ast::Argument argument;
            if (tokens_.at(TokenKind::name) && tokens_.peek().kind == TokenKind::equal_sign) {
                const ast::Identifier keyword = identifier_of(tokens_, tokens_.take());
                argument.keyword = keyword.name;
                argument.keyword_span = keyword.span;
                tokens_.take();
            } else if (!arguments.empty() && !arguments.back().keyword.empty()) {
                tokens_.fail_expected("expected a named argument after a named one");
            }
            const bool empty_list = tokens_.at(TokenKind::left_bracket) &&
                                    tokens_.peek().kind == TokenKind::right_bracket;
            argument.value =
                empty_list && !argument.keyword.empty() ? parse_empty_list() : parse_comparison();
            arguments.push_back(std::move(argument));
        } while (tokens_.accept(TokenKind::comma));
    }
    tokens_.close_bracket(TokenKind::right_paren, opener);
    return arguments;
}

// `shape=[]`: the one place where an array may be empty.
ExprId ExpressionParser::parse_empty_list() {
    const Token opener = tokens_.open_bracket();
    tokens_.close_bracket(TokenKind::right_bracket, opener);
    return add(ast::Array{}, tokens_.span_from(opener.begin));
}

// `D(f, 1)(a, y)`, of which `D(f, 1)` has been read as a call.
ExprId ExpressionParser::parse_derivative_call(ExprId operator_call, std::uint32_t begin) {
    const auto* call = std::get_if<ast::Call>(&tree_[operator_call].node);
    if (call == nullptr || call->callee != "D" || call->primes != 0 || !call->derivative_of.empty())
        tokens_.fail_unexpected();
    check_derivative(*call, tree_[operator_call].span);

    const Nested nested(*this);
    ast::Call derivative;
    const ast::Expr& function = tree_[call->arguments.front().value];
    derivative.callee = std::get<ast::Name>(function.node).name;
    derivative.callee_span = function.span;
    for (std::size_t i = 1; i < call->arguments.size(); ++i) {
        const ast::Expr& number = tree_[call->arguments[i].value];
        derivative.derivative_of.push_back(
            static_cast<int>(std::get<ast::Number>(number.node).value));
    }
    // The operands of D are the last nodes of the arena: a name and numbers, none of them shared.
    tree_.expressions.resize(operator_call - call->arguments.size());
    derivative.arguments = parse_arguments();
    return add_operator(std::move(derivative), tokens_.span_from(begin));
}

void ExpressionParser::check_derivative(const ast::Call& call, Span span) const {
    constexpr double largest = 1000;
    const std::string form = "write D(f, 1)(...) for the derivative of f by its first argument";
    if (call.arguments.size() < 2) tokens_.fail(span, form);
    for (const ast::Argument& argument : call.arguments) {
        const ast::Expr& value = tree_[argument.value];
        const bool first = &argument == &call.arguments.front();
        if (!argument.keyword.empty()) tokens_.fail(argument.keyword_span, form);
        if (first && !std::holds_alternative<ast::Name>(value.node))
            tokens_.fail(value.span, "D takes the name of a function: " + form);
        if (first) continue;
        const auto* number = std::get_if<ast::Number>(&value.node);
        if (number == nullptr || !number->integer || number->value < 1 || number->value > largest)
            tokens_.fail(value.span, "D takes argument numbers, which count from 1: " + form);
    }
}

ExprId ExpressionParser::parse_index(ExprId operand, std::uint32_t begin) {
    const Nested nested(*this);
    const Token opener = tokens_.open_bracket();
    ast::Index index;
    index.operand = operand;
    do {
        index.subscripts.push_back(parse_subscript());
    } while (tokens_.accept(TokenKind::comma));
    tokens_.close_bracket(TokenKind::right_bracket, opener);
    return add_operator(std::move(index), tokens_.span_from(begin));
}

ast::Subscript ExpressionParser::parse_subscript() {
    const auto at_stop = [&] {
        return tokens_.at(TokenKind::comma) || tokens_.at(TokenKind::right_bracket);
    };
    ast::Subscript subscript;
    if (!tokens_.at(TokenKind::colon)) {
        if (at_stop()) tokens_.fail_expected("expected an index such as 0 or a range such as 1:3");
        subscript.start = parse_binary(1);
    }
    if (!tokens_.accept(TokenKind::colon)) return subscript;
    subscript.range = true;
    if (!at_stop()) subscript.stop = parse_binary(1);
    return subscript;
}

}  // namespace chainrule
