// Tokens -> one expression, by precedence climbing (Richards 1979; Norvell, "Parsing expressions by
// recursive descent").
//
// From the tightest: postfix (call, index, `'`, `²`); `^`, to the right; unary minus; `@ * /`;
// `+ -`; comparisons, which do not chain. Nodes go to the tree's arena after their children. The
// only recursion is along what max_nesting bounds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lang/ast.h"
#include "lang/token_stream.h"

namespace chainrule {

class ExpressionParser {
public:
    ExpressionParser(TokenStream& tokens, ast::Tree& tree)
        : tokens_(tokens), tree_(tree), base_(tree.expressions.size()) {}

    // One expression, from the current token as far as it goes.
    ast::ExprId parse();
    // One without a comparison outside brackets.
    ast::ExprId parse_sum();

    // The current token, a whole number or a name, as `[784]` and `[m, n]` hold them.
    ast::ExprId parse_dimension();

private:
    using Node = decltype(ast::Expr::node);

    // One level deeper, until the end of the scope.
    class Nested {
    public:
        explicit Nested(ExpressionParser& parser);
        ~Nested() { --parser_.depth_; }
        Nested(const Nested&) = delete;
        Nested& operator=(const Nested&) = delete;

    private:
        ExpressionParser& parser_;
    };

    ast::ExprId parse_comparison();
    ast::ExprId parse_binary(int lowest);
    ast::ExprId parse_unary();
    ast::ExprId parse_power();
    ast::ExprId parse_postfix();
    ast::ExprId parse_postfix_operator(ast::ExprId operand, std::uint32_t begin);
    ast::ExprId parse_primary();
    ast::ExprId parse_number();
    ast::ExprId parse_name();
    ast::ExprId parse_parenthesised();
    ast::ExprId parse_array();
    ast::ExprId parse_call(const Token& name, int primes);
    ast::ExprId parse_derivative_call(ast::ExprId operator_call, std::uint32_t begin);
    ast::ExprId parse_index(ast::ExprId operand, std::uint32_t begin);
    ast::ExprId parse_superscript(ast::ExprId operand, std::uint32_t begin);
    ast::Subscript parse_subscript();
    std::vector<ast::Argument> parse_arguments();
    ast::ExprId parse_empty_list();

    void check_derivative(const ast::Call& call, Span span) const;
    [[noreturn]] void fail_operand() const;
    [[noreturn]] void fail_chained(Span first) const;

    ast::ExprId add(Node node, Span span);
    ast::ExprId add_operator(Node node, Span span);

    TokenStream& tokens_;
    ast::Tree& tree_;
    std::size_t base_;
    int operators_ = 0;
    int depth_ = 0;
};

// The token's name in ASCII and its place.
ast::Identifier identifier_of(const TokenStream& tokens, const Token& token);

}  // namespace chainrule
