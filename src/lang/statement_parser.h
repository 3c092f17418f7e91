// Tokens -> statements, answers, or one lone expression: the grammar above expressions.
//
// Keywords are names that are read as keywords only where a statement of theirs can follow, so that
// `loss = x` is an equation and `loss(a, t) = ...` a function.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lang/ast.h"
#include "lang/expression_parser.h"
#include "lang/token_stream.h"

namespace chainrule {

class StatementParser {
public:
    // `file` must have passed check_text().
    StatementParser(const SourceMap& sources, std::uint32_t file, ast::Tree& tree,
                    Diagnostics& diagnostics)
        : tokens_(sources, file),
          tree_(tree),
          diagnostics_(diagnostics),
          expressions_(tokens_, tree) {}

    void parse_text();
    std::optional<ast::ExprId> parse_lone_expression();
    std::vector<ast::Answer> parse_answers();

private:
    using Statements = std::vector<ast::Statement>;
    using ParseStatements = Statements (StatementParser::*)();
    struct Keyword {
        std::string_view word;
        ParseStatements parse;
    };
    struct BodyLine {
        Statements statements;
        std::optional<ast::ExprId> value;
        Span span;
    };
    static std::span<const Keyword> keywords();

    // A text with more errors than this is no chainrule text; the rest of it is not read.
    static constexpr std::size_t max_errors = 100;

    // Runs `parse` and after an error goes on behind its line; false if parsing is to end.
    bool guard(const std::function<void()>& parse);
    // Reports the error and takes its expressions, those from `mark` on, out of the tree.
    void report(const SyntaxError& error, std::size_t mark);

    Statements parse_statement();
    void expect_line_end() const;
    ast::Statement statement(decltype(ast::Statement::node) node, std::uint32_t begin) const;
    ParseStatements keyword_statement() const;
    Statements parse_equation();
    Statements parse_definition();
    [[noreturn]] void fail_start() const;
    [[noreturn]] void fail_after_name();
    std::string reason_against(const Token& next, const Token& name) const;

    Statements parse_declarations();
    ast::Statement parse_declaration(ast::Role role);
    ast::ExprId parse_classes();
    ast::ExprId parse_initialiser();
    std::vector<ast::ExprId> parse_dimensions();
    // A name that stands there to be defined, or to be spoken of.
    ast::Identifier parse_new_name(const std::string& expectation);
    ast::Identifier parse_identifier(const std::string& expectation);

    Statements parse_functions();
    ast::Statement parse_function(const std::string& expectation);
    std::vector<ast::Identifier> parse_parameters();

    Statements parse_output();
    Statements parse_loss();
    Statements parse_penalty();
    Statements parse_train();
    Statements parse_import();

    Statements parse_layer();
    void parse_layer_header(ast::Layer& layer);
    ast::LayerParameter parse_layer_parameter();
    void parse_body(ast::Layer& layer);
    bool parse_body_lines(ast::Layer& layer, const Token& brace);
    BodyLine parse_body_line(const Token& brace);
    void check_belongs_in_layer(const Token& brace);
    void take_body_line(BodyLine line, ast::Layer& layer, std::optional<BodyLine>& last) const;

    ast::Answer parse_answer();
    void check_answer_left(ast::ExprId left) const;
    bool accept_arrow();

    TokenStream tokens_;
    ast::Tree& tree_;
    Diagnostics& diagnostics_;
    ExpressionParser expressions_;
    std::size_t errors_ = 0;
    std::size_t names_ = 0;
};

// Reports a parameter that is named twice.
void check_distinct(const std::vector<ast::Identifier>& parameters, const TokenStream& tokens);

}  // namespace chainrule
