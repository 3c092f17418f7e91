#include "lang/token_stream.h"

#include <utility>

namespace chainrule {

bool begins_value(TokenKind kind) {
    switch (kind) {
    case TokenKind::name:
    case TokenKind::number:
    case TokenKind::left_paren:
    case TokenKind::left_bracket:
        return true;
    default:
        return false;
    }
}

bool ends_value(TokenKind kind) {
    switch (kind) {
    case TokenKind::name:
    case TokenKind::number:
    case TokenKind::superscript:
    case TokenKind::prime:
    case TokenKind::transpose:
    case TokenKind::right_paren:
    case TokenKind::right_bracket:
        return true;
    default:
        return false;
    }
}

TokenStream::TokenStream(const SourceMap& sources, std::uint32_t file)
    : text_(sources.text(file)), file_(file), lexer_(text_), current_(lexer_.next()) {
    previous_.begin = previous_.end = current_.begin;
}

Token TokenStream::peek() const {
    Lexer ahead = lexer_;
    return ahead.next();
}

Token TokenStream::take() {
    previous_ = current_;
    current_ = lexer_.next();
    if (brackets_ > 0 || one_line_) skip_newlines();
    return previous_;
}

bool TokenStream::accept(TokenKind kind) {
    if (!at(kind)) return false;
    take();
    return true;
}

Token TokenStream::take_operator() {
    const Token op = take();
    skip_newlines();
    if (current_.after_newline) continued_ = op;
    return op;
}

void TokenStream::skip_newlines() {
    bool skipped = current_.after_newline;
    while (at(TokenKind::newline)) {
        current_ = lexer_.next();
        skipped = true;
    }
    current_.after_newline = skipped;
}

Token TokenStream::open_bracket() {
    ++brackets_;
    return take();
}

void TokenStream::close_bracket(TokenKind closer, const Token& opener) {
    if (!at(closer)) fail_unclosed(closer, opener);
    --brackets_;
    take();
}

void TokenStream::ignore_newlines() {
    one_line_ = true;
    skip_newlines();
}

std::string_view TokenStream::text(const Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
}

bool TokenStream::at_forgotten_bracket() const {
    return brackets_ > 0 && current_.after_newline && at(TokenKind::name) &&
           ends_value(previous_.kind);
}

void TokenStream::recover(bool inside_braces) {
    if (at_forgotten_bracket()) {
        brackets_ = 0;
        return;
    }
    int depth = std::exchange(brackets_, 0);
    while (!at(TokenKind::end)) {
        if (inside_braces && (at(TokenKind::right_brace) || at(TokenKind::semicolon))) return;
        if (at(TokenKind::newline)) {
            const bool value_before = ends_value(previous_.kind);
            skip_newlines();
            if (depth <= 0 || (value_before && at(TokenKind::name))) return;
            continue;
        }
        if (at(TokenKind::left_paren) || at(TokenKind::left_bracket)) ++depth;
        if (at(TokenKind::right_paren) || at(TokenKind::right_bracket)) --depth;
        take();
    }
}

bool TokenStream::skip_to_brace() {
    int depth = std::exchange(brackets_, 0);
    while (!at(TokenKind::end) && !at(TokenKind::left_brace) && !at(TokenKind::right_brace)) {
        if (at(TokenKind::newline)) {
            const bool value_before = ends_value(previous_.kind);
            skip_newlines();
            if (at(TokenKind::left_brace)) return true;
            if (depth <= 0 || (value_before && at(TokenKind::name))) return false;
            continue;
        }
        if (at(TokenKind::left_paren) || at(TokenKind::left_bracket)) ++depth;
        if (at(TokenKind::right_paren) || at(TokenKind::right_bracket)) --depth;
        take();
    }
    return at(TokenKind::left_brace);
}

bool TokenStream::brace_closes_ahead() {
    if (next_brace_.begin < current_.begin || next_brace_.end == 0) {
        Lexer ahead = lexer_;
        do {
            next_brace_ = ahead.next();
        } while (next_brace_.kind != TokenKind::end && next_brace_.kind != TokenKind::left_brace &&
                 next_brace_.kind != TokenKind::right_brace);
    }
    return next_brace_.kind == TokenKind::right_brace;
}

bool TokenStream::at_definition() const {
    TokenStream ahead = *this;
    ahead.take();
    if (!ahead.at(TokenKind::left_paren)) return false;
    ahead.open_bracket();
    for (int depth = 1; depth > 0;) {
        if (ahead.at(TokenKind::end) || ahead.at_forgotten_bracket()) return false;
        if (ahead.at(TokenKind::left_paren)) ++depth;
        if (ahead.at(TokenKind::right_paren) && --depth == 0) ahead.brackets_ = 0;
        ahead.take();
    }
    return ahead.at(TokenKind::equal_sign);
}

}  // namespace chainrule
