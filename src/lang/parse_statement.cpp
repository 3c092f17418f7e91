#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "lang/parser.h"
#include "lang/statement_parser.h"

namespace chainrule {

namespace {

constexpr std::string_view equation_form = "an equation is written 'name = expression'";

}  // namespace

std::span<const StatementParser::Keyword> StatementParser::keywords() {
    static constexpr std::array<Keyword, 11> table = {{
        {"input", &StatementParser::parse_declarations},
        {"target", &StatementParser::parse_declarations},
        {"weight", &StatementParser::parse_declarations},
        {"constant", &StatementParser::parse_declarations},
        {"function", &StatementParser::parse_functions},
        {"layer", &StatementParser::parse_layer},
        {"output", &StatementParser::parse_output},
        {"loss", &StatementParser::parse_loss},
        {"penalty", &StatementParser::parse_penalty},
        {"train", &StatementParser::parse_train},
        {"import", &StatementParser::parse_import},
    }};
    return table;
}

ast::Statement StatementParser::statement(decltype(ast::Statement::node) node,
                                          std::uint32_t begin) const {
    return {std::move(node), tokens_.span_from(begin)};
}

void StatementParser::expect_line_end() const {
    if (!tokens_.at_line_end()) tokens_.fail_unexpected();
}

// How the current name is parsed if it is a keyword here, or null.
StatementParser::ParseStatements StatementParser::keyword_statement() const {
    const std::string_view word = tokens_.text(tokens_.current());
    const auto table = keywords();
    const auto keyword = std::find_if(table.begin(), table.end(),
                                      [word](const Keyword& k) { return k.word == word; });
    if (keyword == table.end() || tokens_.peek().kind == TokenKind::equal_sign) return nullptr;
    return tokens_.at_definition() ? nullptr : keyword->parse;
}

StatementParser::Statements StatementParser::parse_statement() {
    if (!tokens_.at(TokenKind::name)) fail_start();
    if (const ParseStatements parse = keyword_statement()) return (this->*parse)();
    if (tokens_.peek().kind == TokenKind::equal_sign) return parse_equation();
    if (tokens_.at_definition()) return parse_definition();
    fail_after_name();
}

void StatementParser::fail_start() const {
    const TokenKind kind = tokens_.current().kind;
    const bool closer = kind == TokenKind::right_paren || kind == TokenKind::right_bracket ||
                        kind == TokenKind::right_brace;
    if (closer || kind == TokenKind::left_brace) tokens_.fail_unexpected();
    const bool infix = kind >= TokenKind::plus && kind <= TokenKind::caret;
    if (infix)
        tokens_.fail(tokens_.span(tokens_.current()),
                     fmt::format("expected a statement, found {}: a line goes on only inside "
                                 "brackets or if it ends on an operator",
                                 tokens_.describe(tokens_.current())));
    tokens_.fail_expected("expected a statement such as 'z = x * w'");
}

// The line begins with a name that neither a keyword nor an equation explains.
void StatementParser::fail_after_name() {
    const Token name = tokens_.take();
    const Token& next = tokens_.current();
    if (next.kind == TokenKind::name || next.kind == TokenKind::string) {
        std::vector<std::string_view> words;
        for (const Keyword& keyword : keywords()) words.push_back(keyword.word);
        const std::string_view near = nearest_name(tokens_.text(name), words);
        if (!near.empty())
            tokens_.fail(tokens_.span(name), fmt::format("unknown statement {}: did you mean '{}'?",
                                                         tokens_.describe(name), near));
    }
    const std::string reason = reason_against(next, name);
    if (!reason.empty()) tokens_.fail(tokens_.span(next), reason);
    tokens_.fail_expected(fmt::format("expected '=' after {}", tokens_.describe(name)), {},
                          fmt::format(": {}", equation_form));
}

// Why `next` does not follow a `name` that begins a line; empty if there is nothing special to say.
std::string StatementParser::reason_against(const Token& next, const Token& name) const {
    const std::string unexpected =
        fmt::format("unexpected {} after {}: ", tokens_.describe(next), tokens_.describe(name));
    switch (next.kind) {
    case TokenKind::left_bracket:
        return fmt::format("{}only a declaration has dimensions, as in 'weight {}[3]'", unexpected,
                           tokens_.text(name));
    case TokenKind::tilde:
        return fmt::format("{}only a weight has an initialiser, as in 'weight {} ~ normal'",
                           unexpected, tokens_.text(name));
    case TokenKind::equal:
        return "unexpected '==': an equation is written with a single '='";
    case TokenKind::prime:
        return unexpected + "a derivative follows from its function and is not defined";
    case TokenKind::less:
    case TokenKind::arrow:
        return fmt::format("{}an update stands only in an answer file; {}", unexpected,
                           equation_form);
    case TokenKind::colon:
        return fmt::format("{}{}", unexpected, equation_form);
    default:
        return {};
    }
}

StatementParser::Statements StatementParser::parse_equation() {
    const std::uint32_t begin = tokens_.current().begin;
    ast::Equation equation;
    equation.name = parse_new_name("expected a name");
    tokens_.take_operator();
    equation.value = expressions_.parse();
    return {statement(std::move(equation), begin)};
}

// A name is defined, so it holds no dot.
ast::Identifier StatementParser::parse_new_name(const std::string& expectation) {
    ast::Identifier name = parse_identifier(expectation);
    if (name.name.find('.') != std::string::npos)
        tokens_.fail(name.span,
                     fmt::format("'{}' cannot be defined: a name with a dot belongs to a "
                                 "use of a layer",
                                 name.name));
    return name;
}

ast::Identifier StatementParser::parse_identifier(const std::string& expectation) {
    if (!tokens_.at(TokenKind::name)) tokens_.fail_expected(expectation);
    ast::Identifier name = identifier_of(tokens_, tokens_.take());
    if (++names_ > max_text_terms) tokens_.fail_too_large(name.span);
    return name;
}

StatementParser::Statements StatementParser::parse_output() {
    const std::uint32_t begin = tokens_.take().begin;
    ast::Output output;
    output.names.push_back(parse_identifier("'output' needs a name"));
    while (tokens_.accept(TokenKind::comma))
        output.names.push_back(parse_identifier("expected a name after ','"));
    return {statement(std::move(output), begin)};
}

StatementParser::Statements StatementParser::parse_loss() {
    const std::uint32_t begin = tokens_.take().begin;
    const ast::ExprId value = expressions_.parse();
    return {statement(ast::Loss{value}, begin)};
}

StatementParser::Statements StatementParser::parse_penalty() {
    const std::uint32_t begin = tokens_.take().begin;
    const ast::ExprId value = expressions_.parse();
    return {statement(ast::Penalty{value}, begin)};
}

StatementParser::Statements StatementParser::parse_train() {
    const std::uint32_t begin = tokens_.take().begin;
    ast::Train train;
    std::string expectation = "'train' needs settings such as 'epochs = 20'";
    for (;;) {
        ast::Setting setting;
        setting.key = parse_identifier(expectation);
        if (!tokens_.at(TokenKind::equal_sign))
            tokens_.fail_expected(fmt::format("expected '=' after '{}'", setting.key.name));
        tokens_.take_operator();
        setting.value = expressions_.parse();
        train.settings.push_back(std::move(setting));
        if (!tokens_.at(TokenKind::comma)) break;
        tokens_.take_operator();  // a recipe may take several lines
        expectation = "expected a setting after ','";
    }
    return {statement(std::move(train), begin)};
}

StatementParser::Statements StatementParser::parse_import() {
    const std::uint32_t begin = tokens_.take().begin;
    if (!tokens_.at(TokenKind::string))
        tokens_.fail_expected("'import' needs a path in double quotes");
    const Token path = tokens_.take();
    const std::string_view quoted = tokens_.text(path);
    ast::Import import{std::string(quoted.substr(1, quoted.size() - 2)), tokens_.span(path)};
    if (import.path.empty()) tokens_.fail(import.path_span, "'import' needs a path, found \"\"");
    return {statement(std::move(import), begin)};
}

}  // namespace chainrule
