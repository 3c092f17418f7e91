#include <fmt/format.h>

#include <utility>

#include "lang/expression_parser.h"
#include "lang/parser.h"

namespace chainrule {

using ast::BinaryOp;
using ast::ExprId;

namespace {

struct Infix {
    BinaryOp op;
    int precedence;
};

std::optional<Infix> infix_of(TokenKind kind) {
    switch (kind) {
    case TokenKind::less:
        return Infix{BinaryOp::less, 0};
    case TokenKind::less_equal:
        return Infix{BinaryOp::less_equal, 0};
    case TokenKind::greater:
        return Infix{BinaryOp::greater, 0};
    case TokenKind::greater_equal:
        return Infix{BinaryOp::greater_equal, 0};
    case TokenKind::equal:
        return Infix{BinaryOp::equal, 0};
    case TokenKind::not_equal:
        return Infix{BinaryOp::not_equal, 0};
    case TokenKind::plus:
        return Infix{BinaryOp::add, 1};
    case TokenKind::minus:
        return Infix{BinaryOp::subtract, 1};
    case TokenKind::star:
        return Infix{BinaryOp::multiply, 2};
    case TokenKind::slash:
        return Infix{BinaryOp::divide, 2};
    case TokenKind::at:
        return Infix{BinaryOp::matmul, 2};
    default:
        return std::nullopt;
    }
}

bool is_comparison(TokenKind kind) {
    const auto infix = infix_of(kind);
    return infix && infix->precedence == 0;
}

}  // namespace

ast::Identifier identifier_of(const TokenStream& tokens, const Token& token) {
    return {ascii_name(tokens.text(token)), tokens.span(token)};
}

ExpressionParser::Nested::Nested(ExpressionParser& parser) : parser_(parser) {
    if (++parser_.depth_ <= max_nesting) return;
    parser_.tokens_.fail(
        parser_.tokens_.span(parser_.tokens_.current()),
        fmt::format("this expression nests more than {} deep: name a part of it", max_nesting));
}

ExprId ExpressionParser::add(Node node, Span span) {
    if (tree_.expressions.size() - base_ >= max_text_terms) tokens_.fail_too_large(span);
    tree_.expressions.push_back({std::move(node), span});
    return static_cast<ExprId>(tree_.expressions.size() - 1);
}

ExprId ExpressionParser::add_operator(Node node, Span span) {
    if (++operators_ > max_expression_size)
        tokens_.fail(span, fmt::format("this expression has more than {} operators: name a part "
                                       "of it",
                                       max_expression_size));
    return add(std::move(node), span);
}

ExprId ExpressionParser::parse() {
    operators_ = 0;
    depth_ = 0;
    return parse_comparison();
}

ExprId ExpressionParser::parse_sum() {
    operators_ = 0;
    depth_ = 0;
    return parse_binary(1);
}

ExprId ExpressionParser::parse_dimension() {
    const Token token = tokens_.current();
    if (tokens_.at(TokenKind::name)) {
        tokens_.take();
        return add(ast::Name{identifier_of(tokens_, token).name}, tokens_.span(token));
    }
    if (!tokens_.at(TokenKind::number))
        tokens_.fail_expected("expected a dimension, which is a whole number or a name");
    const ExprId id = parse_number();
    if (!std::get<ast::Number>(tree_[id].node).integer)
        tokens_.fail(tokens_.span(token), fmt::format("a dimension is a whole number, found {}",
                                                      tokens_.describe(token)));
    return id;
}

ExprId ExpressionParser::parse_comparison() {
    const std::uint32_t begin = tokens_.current().begin;
    const ExprId lhs = parse_binary(1);
    const auto infix = infix_of(tokens_.current().kind);
    if (!infix) return lhs;
    const Span op = tokens_.span(tokens_.take_operator());
    const ExprId rhs = parse_binary(1);
    if (is_comparison(tokens_.current().kind)) fail_chained(op);
    return add_operator(ast::Binary{infix->op, lhs, rhs, op}, tokens_.span_from(begin));
}

// Apart, to keep its strings off the stack of a deep expression.
void ExpressionParser::fail_chained(Span first) const {
    tokens_.fail(tokens_.span(tokens_.current()),
                 fmt::format("comparisons do not chain: write a product such as (a < b) * (b < c), "
                             "or where(...), instead of a second {}",
                             tokens_.describe(tokens_.current())),
                 {{"the first comparison is here", first}});
}

ExprId ExpressionParser::parse_binary(int lowest) {
    const std::uint32_t begin = tokens_.current().begin;
    ExprId lhs = parse_unary();
    for (;;) {
        const auto infix = infix_of(tokens_.current().kind);
        if (!infix || infix->precedence < lowest) return lhs;
        const Span op = tokens_.span(tokens_.take_operator());
        const ExprId rhs = infix->precedence == 1 ? parse_binary(2) : parse_unary();
        lhs = add_operator(ast::Binary{infix->op, lhs, rhs, op}, tokens_.span_from(begin));
    }
}

ExprId ExpressionParser::parse_unary() {
    const std::uint32_t begin = tokens_.current().begin;
    while (tokens_.at(TokenKind::plus)) tokens_.take_operator();
    if (!tokens_.at(TokenKind::minus)) return parse_power();
    const Nested nested(*this);
    tokens_.take_operator();
    const ExprId operand = parse_unary();
    return add_operator(ast::Negate{operand}, tokens_.span_from(begin));
}

ExprId ExpressionParser::parse_power() {
    const std::uint32_t begin = tokens_.current().begin;
    const ExprId base = parse_postfix();
    if (!tokens_.at(TokenKind::caret)) return base;
    const Nested nested(*this);
    const Span op = tokens_.span(tokens_.take_operator());
    const ExprId exponent = parse_unary();
    return add_operator(ast::Binary{BinaryOp::power, base, exponent, op}, tokens_.span_from(begin));
}

}  // namespace chainrule
