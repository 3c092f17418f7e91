// `layer name(parameters) { body }`.
#include <fmt/format.h>

#include <iterator>
#include <string_view>
#include <utility>

#include "lang/statement_parser.h"

namespace chainrule {

namespace {

bool is_declaration(std::string_view word) { return word == "weight" || word == "constant"; }

}  // namespace

StatementParser::Statements StatementParser::parse_layer() {
    const std::uint32_t begin = tokens_.take().begin;
    const std::size_t mark = tree_.expressions.size();
    ast::Layer layer;
    bool sound = true;
    try {
        parse_layer_header(layer);
    } catch (const SyntaxError& error) {
        if (error.resume == Resume::never) throw;
        report(error, mark);
        // The body's lines are no statements of the text: they are read as a body even so.
        if (!tokens_.skip_to_brace()) throw SyntaxError{std::nullopt, Resume::here};
        sound = false;
    }
    parse_body(layer);
    if (!sound) throw SyntaxError{std::nullopt, Resume::next_line};
    return {statement(std::move(layer), begin)};
}

void StatementParser::parse_layer_header(ast::Layer& layer) {
    layer.name = parse_new_name("'layer' needs a name");
    if (!tokens_.at(TokenKind::left_paren))
        tokens_.fail_expected(fmt::format("expected '(' after 'layer {}'", layer.name.name));
    const Token opener = tokens_.open_bracket();
    std::vector<ast::Identifier> names;
    if (!tokens_.at(TokenKind::right_paren)) {
        do {
            layer.parameters.push_back(parse_layer_parameter());
            names.push_back(layer.parameters.back().name);
        } while (tokens_.accept(TokenKind::comma));
    }
    tokens_.close_bracket(TokenKind::right_paren, opener);
    check_distinct(names, tokens_);
    tokens_.skip_newlines();
    if (!tokens_.at(TokenKind::left_brace))
        tokens_.fail_expected(
            fmt::format("expected '{{' with the body of layer '{}'", layer.name.name));
}

ast::LayerParameter StatementParser::parse_layer_parameter() {
    ast::LayerParameter parameter;
    parameter.name = parse_new_name("a layer's parameter is a name");
    if (tokens_.at(TokenKind::left_bracket)) {
        parameter.has_dimensions = true;
        parameter.dimensions = parse_dimensions();
    }
    return parameter;
}

void StatementParser::parse_body(ast::Layer& layer) {
    const Token brace = tokens_.take();
    if (!parse_body_lines(layer, brace)) throw SyntaxError{std::nullopt, Resume::next_line};
}

// Takes the closing brace too; false after errors, which have been reported.
bool StatementParser::parse_body_lines(ast::Layer& layer, const Token& brace) {
    std::optional<BodyLine> last;
    bool sound = true;
    for (;;) {
        while (tokens_.at(TokenKind::newline) || tokens_.at(TokenKind::semicolon)) tokens_.take();
        if (tokens_.at(TokenKind::right_brace)) break;
        if (tokens_.at(TokenKind::end)) tokens_.close_bracket(TokenKind::right_brace, brace);
        const std::size_t mark = tree_.expressions.size();
        try {
            tokens_.begin_statement();
            BodyLine line = parse_body_line(brace);
            take_body_line(std::move(line), layer, last);
        } catch (const SyntaxError& error) {
            if (error.resume != Resume::next_line) throw;
            report(error, mark);
            if (errors_ >= max_errors) throw SyntaxError{std::nullopt, Resume::never};
            sound = false;
            last.reset();
            tokens_.recover(true);
        }
    }
    const Span end = tokens_.span(tokens_.take());
    if (!sound) return false;
    if (!last) tokens_.fail(end, "a layer needs a value: an expression as its last line");
    if (!last->value)
        tokens_.fail(last->span,
                     "the last line of a layer is its value: an expression, not a "
                     "statement");
    layer.value = *last->value;
    return true;
}

void StatementParser::take_body_line(BodyLine line, ast::Layer& layer,
                                     std::optional<BodyLine>& last) const {
    if (last && last->value)
        tokens_.fail(last->span,
                     "only the last line of a layer is its value: name this one, as in "
                     "'h = ...'");
    layer.body.insert(layer.body.end(), std::make_move_iterator(line.statements.begin()),
                      std::make_move_iterator(line.statements.end()));
    line.statements.clear();
    last = std::move(line);
}

StatementParser::BodyLine StatementParser::parse_body_line(const Token& brace) {
    const Token first = tokens_.current();
    BodyLine line;
    if (tokens_.at(TokenKind::name)) {
        check_belongs_in_layer(brace);
        const TokenKind next = tokens_.peek().kind;
        if (next == TokenKind::equal_sign) {
            line.statements = parse_equation();
        } else if (next == TokenKind::name && is_declaration(tokens_.text(first))) {
            line.statements = parse_declarations();
        } else if (next == TokenKind::name || next == TokenKind::tilde) {
            fail_after_name();
        }
    }
    if (line.statements.empty()) line.value = expressions_.parse();
    line.span = tokens_.span_from(first.begin);
    const bool ended = tokens_.at_line_end() || tokens_.at(TokenKind::semicolon) ||
                       tokens_.at(TokenKind::right_brace);
    if (!ended) tokens_.fail_unexpected();
    return line;
}

// The current name may begin a statement that only a text has; then either it is out of place, or
// the layer's brace was forgotten.
void StatementParser::check_belongs_in_layer(const Token& brace) {
    const std::string_view word = tokens_.text(tokens_.current());
    const TokenKind next = tokens_.peek().kind;
    const bool follows =
        next == TokenKind::name || next == TokenKind::number || next == TokenKind::string;
    if (!follows || is_declaration(word) || keyword_statement() == nullptr) return;

    const Span here = tokens_.span(tokens_.current());
    std::vector<Note> notes = {{"the '{' is opened here", tokens_.span(brace)}};
    if (word != "layer" && tokens_.brace_closes_ahead())
        tokens_.fail(here,
                     fmt::format("'{}' cannot stand inside a layer: a layer holds weights, "
                                 "constants and equations",
                                 word),
                     std::move(notes));
    tokens_.fail(here, fmt::format("expected '}}' to close the '{{' before this '{}'", word),
                 std::move(notes), Resume::here);
}

}  // namespace chainrule
