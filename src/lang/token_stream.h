// The tokens of one source as a parser wants them: one current, one before it, line ends passed
// over inside brackets; and the wording of what a parser did not expect.
//
// A parser gives up a statement by throwing SyntaxError (through fail()); the loop over statements
// catches it, reports it and calls recover(). The error never leaves src/lang.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/diagnostic.h"
#include "lang/lexer.h"

namespace chainrule {

// Where reading goes on after an error.
enum class Resume : std::uint8_t { next_line, here, never };

struct SyntaxError {
    std::optional<Diagnostic> diagnostic;  // nothing: it has been reported
    Resume resume = Resume::next_line;
};

class TokenStream {
public:
    TokenStream(const SourceMap& sources, std::uint32_t file);

    const Token& current() const { return current_; }
    const Token& previous() const { return previous_; }
    bool at(TokenKind kind) const { return current_.kind == kind; }
    bool at_line_end() const { return at(TokenKind::newline) || at(TokenKind::end); }
    // The token after the current one; a line end counts as one.
    Token peek() const;

    Token take();
    bool accept(TokenKind kind);
    // Takes an operator, after which a line goes on.
    Token take_operator();
    void skip_newlines();
    void begin_statement() { continued_ = {}; }

    // Between open_bracket() and close_bracket() line ends are passed over. Both take the bracket;
    // close_bracket() reports a missing one with a note at `opener`.
    Token open_bracket();
    void close_bracket(TokenKind closer, const Token& opener);
    // Makes all of the text one line.
    void ignore_newlines();

    std::string_view text(const Token& token) const;
    Span span(const Token& token) const { return {file_, token.begin, token.end}; }
    Span span_from(std::uint32_t begin) const { return {file_, begin, previous_.end}; }
    // "'x'", "the end of the line", "a string"
    std::string describe(const Token& token) const;

    // Reports `message` at `span`.
    [[noreturn]] void fail(Span span, std::string message, std::vector<Note> notes = {}) const;
    [[noreturn]] void fail(Span span, std::string message, std::vector<Note> notes,
                           Resume resume) const;
    // The text has more than max_text_terms: reading ends.
    [[noreturn]] void fail_too_large(Span span) const;
    // "<expectation>, found <current token><hint>", at that token or, at a line's end, behind the
    // last one.
    [[noreturn]] void fail_expected(const std::string& expectation, std::vector<Note> notes = {},
                                    std::string_view hint = {}) const;
    // A whole statement or expression has ended and the current token does not continue it.
    [[noreturn]] void fail_unexpected() const;
    // The current token is invalid: says why.
    [[noreturn]] void fail_invalid() const;

    // Whether a bracket was left open and the current token begins the next statement: a name on a
    // new line, behind a value.
    bool at_forgotten_bracket() const;

    // After an error: goes on to the next statement, past the line end, or to the `}` if
    // `inside_braces`.
    void recover(bool inside_braces);
    // Goes on to a `{` in this logical line or at the start of the next; says whether it is there.
    bool skip_to_brace();
    // Whether the next brace is a `}`.
    bool brace_closes_ahead();
    // Whether the current name is the left side of `name(...) =`.
    bool at_definition() const;

private:
    [[noreturn]] void fail_unclosed(TokenKind closer, const Token& opener) const;
    Span found_span() const;
    std::vector<Note> continuation_notes() const;

    std::string_view text_;
    std::uint32_t file_ = 0;
    Lexer lexer_;
    Token current_;
    Token previous_;
    Token continued_;   // the last operator that carried a line on
    Token next_brace_;  // what brace_closes_ahead() found last
    int brackets_ = 0;
    bool one_line_ = false;
};

// Whether an expression may begin, or end, with a token of this kind.
bool begins_value(TokenKind kind);
bool ends_value(TokenKind kind);

}  // namespace chainrule
