// Text -> tokens, one at a time.
//
// Tokens are ranges of bytes; nothing is copied until a name or number is asked for. Blanks and `#`
// comments are skipped, line ends are tokens. What is no token comes back as `invalid`, with its
// reason on demand, so that a lexer never fails: the parser reports it where it meets it.
//
//     Lexer lexer("w1 = 0.3");   // name, equal_sign, number, end, end, ...
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lang/diagnostic.h"

namespace chainrule {

enum class TokenKind : std::uint8_t {
    end,
    newline,
    invalid,
    name,
    number,
    string,
    superscript,
    left_paren,
    right_paren,
    left_bracket,
    right_bracket,
    left_brace,
    right_brace,
    comma,
    colon,
    semicolon,
    equal_sign,
    tilde,
    arrow,
    plus,
    minus,
    star,
    slash,
    at,
    caret,
    prime,
    transpose,
    less,
    less_equal,
    greater,
    greater_equal,
    equal,
    not_equal,
};

struct Token {
    TokenKind kind = TokenKind::end;
    bool after_newline = false;  // set by TokenStream: a line end was passed over just before
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

inline constexpr std::size_t max_name_length = 255;

class Lexer {
public:
    // `text` must outlive the lexer and be free of what check_text() reports.
    explicit Lexer(std::string_view text);

    Token next();

private:
    void skip_blanks();
    Token lex_newline();
    Token lex_number();
    Token lex_name();
    Token lex_string();
    Token lex_symbol();
    Token lex_unicode();
    Token token(TokenKind kind, std::size_t length);

    std::string_view text_;
    std::size_t offset_ = 0;
};

// The first reason why `text` is no text at all: a control character or invalid UTF-8.
std::optional<Diagnostic> check_text(std::string_view text, std::uint32_t file);

// A name in its ASCII form: `α1` -> "alpha1", `z₁` -> "z1"; `σ` alone is the function `sigmoid`.
std::string ascii_name(std::string_view name);

// The value of a number token; nothing if it overflows a double.
std::optional<double> number_value(std::string_view number);

// The exponent of a superscript token: `²` -> 2, `⁻¹` -> -1; nothing if it has no digit or too
// many.
std::optional<int> superscript_value(std::string_view superscript);

// Why an invalid token is none, and what to write instead.
std::string invalid_reason(std::string_view token);

}  // namespace chainrule
