#include "lang/lexer.h"

#include <algorithm>
#include <array>

#include "lang/ascii.h"
#include "lang/unicode_names.h"
#include "lang/utf8.h"

namespace chainrule {

namespace {

char at(std::string_view text, std::size_t i) { return i < text.size() ? text[i] : '\0'; }

// The bytes of the letter at `i`, 0 if there is none.
std::size_t letter_length(std::string_view text, std::size_t i) {
    if (i >= text.size()) return 0;
    if (is_letter(text[i])) return 1;
    if (static_cast<unsigned char>(text[i]) < 0x80) return 0;
    const CodePoint c = decode_utf8(text, i);
    return c.valid && !letter_name(c.value).empty() ? c.length : 0;
}

// The bytes of a letter, a digit, or a dot that joins two names.
std::size_t name_part_length(std::string_view text, std::size_t i) {
    if (i >= text.size()) return 0;
    if (is_digit(text[i])) return 1;
    if (text[i] == '.') return letter_length(text, i + 1) > 0 ? 1 : 0;
    if (const std::size_t length = letter_length(text, i)) return length;
    if (static_cast<unsigned char>(text[i]) < 0x80) return 0;
    const CodePoint c = decode_utf8(text, i);
    return c.valid && subscript_digit(c.value) != '\0' ? c.length : 0;
}

std::size_t skip_digits(std::string_view text, std::size_t i) {
    while (is_digit(at(text, i))) ++i;
    return i;
}

struct Symbol {
    std::string_view text;
    TokenKind kind;
};

// Longer ones first.
constexpr std::array<Symbol, 26> symbols = {{
    {"<=", TokenKind::less_equal},
    {">=", TokenKind::greater_equal},
    {"==", TokenKind::equal},
    {"!=", TokenKind::not_equal},
    {"**", TokenKind::invalid},
    {"(", TokenKind::left_paren},
    {")", TokenKind::right_paren},
    {"[", TokenKind::left_bracket},
    {"]", TokenKind::right_bracket},
    {"{", TokenKind::left_brace},
    {"}", TokenKind::right_brace},
    {",", TokenKind::comma},
    {":", TokenKind::colon},
    {";", TokenKind::semicolon},
    {"=", TokenKind::equal_sign},
    {"~", TokenKind::tilde},
    {"+", TokenKind::plus},
    {"-", TokenKind::minus},
    {"*", TokenKind::star},
    {"/", TokenKind::slash},
    {"@", TokenKind::at},
    {"^", TokenKind::caret},
    {"'", TokenKind::prime},
    {"<", TokenKind::less},
    {">", TokenKind::greater},
    {"&&", TokenKind::invalid},
}};

}  // namespace

Lexer::Lexer(std::string_view text) : text_(text) {
    if (text.starts_with("\xEF\xBB\xBF")) offset_ = 3;
}

Token Lexer::next() {
    skip_blanks();
    const char c = at(text_, offset_);
    if (offset_ >= text_.size()) return token(TokenKind::end, 0);
    if (c == '\n' || c == '\r') return lex_newline();
    if (is_digit(c) || (c == '.' && is_digit(at(text_, offset_ + 1)))) return lex_number();
    if (letter_length(text_, offset_) > 0) return lex_name();
    if (c == '"') return lex_string();
    return static_cast<unsigned char>(c) < 0x80 ? lex_symbol() : lex_unicode();
}

Token Lexer::token(TokenKind kind, std::size_t length) {
    const std::size_t begin = offset_;
    offset_ += length;
    return {kind, false, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(offset_)};
}

void Lexer::skip_blanks() {
    while (offset_ < text_.size()) {
        const char c = text_[offset_];
        if (c == ' ' || c == '\t') {
            ++offset_;
        } else if (c == '#') {
            offset_ = std::min(text_.find_first_of("\r\n", offset_), text_.size());
        } else if (static_cast<unsigned char>(c) >= 0x80) {
            const CodePoint point = decode_utf8(text_, offset_);
            if (!is_unicode_blank(point.value)) return;
            offset_ += point.length;
        } else {
            return;
        }
    }
}

Token Lexer::lex_newline() {
    const bool pair = text_[offset_] == '\r' && at(text_, offset_ + 1) == '\n';
    return token(TokenKind::newline, pair ? 2 : 1);
}

Token Lexer::lex_number() {
    std::size_t i = skip_digits(text_, offset_);
    if (at(text_, i) == '.') i = skip_digits(text_, i + 1);
    if (at(text_, i) == 'e' || at(text_, i) == 'E') {
        const bool sign = at(text_, i + 1) == '+' || at(text_, i + 1) == '-';
        const std::size_t digits = i + (sign ? 2 : 1);
        if (is_digit(at(text_, digits))) i = skip_digits(text_, digits);
    }
    // What clings to a number belongs to the same mistake: `2x`, `0x10`, `1_000`, `1.2.3`.
    const std::size_t valid_end = i;
    while (at(text_, i) == '.' || name_part_length(text_, i) > 0)
        i += std::max<std::size_t>(1, name_part_length(text_, i));
    return token(i == valid_end ? TokenKind::number : TokenKind::invalid, i - offset_);
}

Token Lexer::lex_name() {
    std::size_t i = offset_;
    while (const std::size_t length = name_part_length(text_, i)) i += length;
    const std::size_t length = i - offset_;
    return token(length <= max_name_length ? TokenKind::name : TokenKind::invalid, length);
}

Token Lexer::lex_string() {
    const std::size_t end = std::min(text_.find_first_of("\"\r\n", offset_ + 1), text_.size());
    const bool closed = at(text_, end) == '"';
    return token(closed ? TokenKind::string : TokenKind::invalid, end - offset_ + (closed ? 1 : 0));
}

Token Lexer::lex_symbol() {
    const std::string_view rest = text_.substr(offset_, 2);
    for (const Symbol& symbol : symbols)
        if (rest.starts_with(symbol.text)) return token(symbol.kind, symbol.text.size());
    return token(TokenKind::invalid, rest == "||" ? 2 : 1);
}

Token Lexer::lex_unicode() {
    const CodePoint c = decode_utf8(text_, offset_);
    if (superscript_digit(c.value) == '\0') return token(operator_of(c.value), c.length);
    std::size_t i = offset_;
    while (i < text_.size()) {
        const CodePoint digit = decode_utf8(text_, i);
        if (superscript_digit(digit.value) == '\0') break;
        if (i > offset_ && superscript_digit(digit.value) == '-') break;
        i += digit.length;
    }
    return token(TokenKind::superscript, i - offset_);
}

}  // namespace chainrule
