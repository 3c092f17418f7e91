#include "lang/parser.h"

#include <utility>

#include "lang/lexer.h"
#include "lang/statement_parser.h"

namespace chainrule {

namespace {

bool is_text(const SourceMap& sources, std::uint32_t file, Diagnostics& diagnostics) {
    auto problem = check_text(sources.text(file), file);
    if (problem) diagnostics.add(std::move(*problem));
    return !problem;
}

}  // namespace

bool StatementParser::guard(const std::function<void()>& parse) {
    const std::size_t mark = tree_.expressions.size();
    try {
        tokens_.begin_statement();
        parse();
    } catch (const SyntaxError& error) {
        report(error, mark);
        if (error.resume == Resume::never || errors_ >= max_errors) return false;
        if (error.resume == Resume::next_line) tokens_.recover(false);
    }
    return true;
}

void StatementParser::report(const SyntaxError& error, std::size_t mark) {
    tree_.expressions.resize(mark);
    if (!error.diagnostic) return;
    diagnostics_.add(*error.diagnostic);
    ++errors_;
}

void StatementParser::parse_text() {
    bool going = true;
    while (going) {
        while (tokens_.accept(TokenKind::newline)) {
        }
        if (tokens_.at(TokenKind::end)) return;
        going = guard([this] {
            Statements statements = parse_statement();
            expect_line_end();
            for (ast::Statement& statement : statements)
                tree_.statements.push_back(std::move(statement));
        });
    }
}

std::optional<ast::ExprId> StatementParser::parse_lone_expression() {
    std::optional<ast::ExprId> result;
    tokens_.ignore_newlines();
    guard([&] {
        const ast::ExprId expression = expressions_.parse();
        if (!tokens_.at(TokenKind::end)) tokens_.fail_unexpected();
        result = expression;
    });
    return result;
}

ast::Tree parse(const SourceMap& sources, std::uint32_t file, Diagnostics& diagnostics) {
    ast::Tree tree;
    if (is_text(sources, file, diagnostics))
        StatementParser(sources, file, tree, diagnostics).parse_text();
    return tree;
}

std::optional<ast::ExprId> parse_expression(const SourceMap& sources, std::uint32_t file,
                                            ast::Tree& tree, Diagnostics& diagnostics) {
    if (!is_text(sources, file, diagnostics)) return std::nullopt;
    return StatementParser(sources, file, tree, diagnostics).parse_lone_expression();
}

std::vector<ast::Answer> parse_answers(const SourceMap& sources, std::uint32_t file,
                                       ast::Tree& tree, Diagnostics& diagnostics) {
    if (!is_text(sources, file, diagnostics)) return {};
    return StatementParser(sources, file, tree, diagnostics).parse_answers();
}

}  // namespace chainrule
