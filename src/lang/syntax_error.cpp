// The wording of TokenStream's errors: what was found, and how to mend it.
#include <fmt/format.h>

#include <array>
#include <utility>

#include "lang/parser.h"
#include "lang/token_stream.h"

namespace chainrule {

namespace {

constexpr std::size_t longest_quotation = 40;

struct TokenHint {
    TokenKind kind;
    std::string_view text;
};

// What to think of a token behind a whole statement.
constexpr std::array<TokenHint, 10> token_hints = {{
    {TokenKind::equal_sign, " in an expression: did you mean '=='?"},
    {TokenKind::right_paren, ": no bracket is open that it could close"},
    {TokenKind::right_bracket, ": no bracket is open that it could close"},
    {TokenKind::right_brace, ": no bracket is open that it could close"},
    {TokenKind::left_brace, ": braces stand only around the body of a layer"},
    {TokenKind::semicolon, ": statements stand on lines of their own, and ';' only inside a layer"},
    {TokenKind::comma, ": a comma only separates the items of a list"},
    {TokenKind::tilde, ": only a weight without a value has an initialiser"},
    {TokenKind::colon, ": only a target has a kind, as in 'target y: class(10)'"},
    {TokenKind::arrow, ": an update stands only in an answer file"},
}};

std::string_view hint_for(TokenKind kind) {
    for (const TokenHint& hint : token_hints)
        if (hint.kind == kind) return hint.text;
    return {};
}

}  // namespace

std::string TokenStream::describe(const Token& token) const {
    switch (token.kind) {
    case TokenKind::end:
        return "the end of the text";
    case TokenKind::newline:
        return "the end of the line";
    case TokenKind::string:
        return "a string";
    default:
        break;
    }
    const std::string_view all = text(token);
    if (all.size() <= longest_quotation) return fmt::format("'{}'", all);
    std::size_t cut = longest_quotation;
    while ((static_cast<unsigned char>(all[cut]) & 0xC0) == 0x80) --cut;
    return fmt::format("'{}...'", all.substr(0, cut));
}

void TokenStream::fail(Span span, std::string message, std::vector<Note> notes) const {
    fail(span, std::move(message), std::move(notes), Resume::next_line);
}

void TokenStream::fail(Span span, std::string message, std::vector<Note> notes,
                       Resume resume) const {
    throw SyntaxError{Diagnostic{Severity::error, std::move(message), span, std::move(notes)},
                      resume};
}

void TokenStream::fail_too_large(Span span) const {
    fail(span,
         fmt::format("this text is too large: more than {} names, numbers and operators",
                     max_text_terms),
         {}, Resume::never);
}

void TokenStream::fail_invalid() const { fail(span(current_), invalid_reason(text(current_))); }

Span TokenStream::found_span() const {
    if (at_line_end() || at_forgotten_bracket()) return {file_, previous_.end, previous_.end};
    return span(current_);
}

std::vector<Note> TokenStream::continuation_notes() const {
    const bool carried =
        continued_.end > 0 && continued_.end <= previous_.end &&
        text_.substr(continued_.end, current_.begin - continued_.end).find_first_of("\r\n") !=
            std::string_view::npos;
    if (!carried) return {};
    return {{fmt::format("the line before ends on {} and goes on here", describe(continued_)),
             span(continued_)}};
}

void TokenStream::fail_expected(const std::string& expectation, std::vector<Note> notes,
                                std::string_view hint) const {
    if (at(TokenKind::invalid)) fail_invalid();
    if (at(TokenKind::equal_sign) && ends_value(previous_.kind)) fail_unexpected();
    const std::string found = at_forgotten_bracket() ? "the end of the line" : describe(current_);
    fail(found_span(), fmt::format("{}, found {}{}", expectation, found, hint), std::move(notes));
}

void TokenStream::fail_unclosed(TokenKind closer, const Token& opener) const {
    const bool juxtaposed = ends_value(previous_.kind) && begins_value(current_.kind);
    if (juxtaposed && !at_forgotten_bracket()) fail_unexpected();
    const std::string_view close = closer == TokenKind::right_paren     ? ")"
                                   : closer == TokenKind::right_bracket ? "]"
                                                                        : "}";
    const std::string what = describe(opener);
    fail_expected(fmt::format("expected '{}' to close the {}", close, what),
                  {{fmt::format("the {} is opened here", what), span(opener)}});
}

void TokenStream::fail_unexpected() const {
    if (at(TokenKind::invalid)) fail_invalid();
    const std::string found = describe(current_);
    const std::string_view word = text(current_);
    std::string hint(hint_for(current_.kind));
    if (word == "and" || word == "or" || word == "not")
        hint = ": comparisons are 0 or 1, so multiply them for 'and', or take their max for 'or'";
    else if (ends_value(previous_.kind) && begins_value(current_.kind))
        hint = fmt::format(" after {}: is an operator such as '*'{} missing?", describe(previous_),
                           brackets_ > 0 ? " or a ','" : "");
    else if (hint.empty())
        hint = fmt::format(" after {}", describe(previous_));
    fail(span(current_), fmt::format("unexpected {}{}", found, hint), continuation_notes());
}

}  // namespace chainrule
