// LaTeX as tokens: `\frac`, `\{`, or one character. Blanks are tokens, as they matter inside \text.
#pragma once

#include <string>
#include <string_view>

namespace chainrule {

class LatexCursor {
public:
    explicit LatexCursor(std::string_view latex) : latex_(latex) {}

    bool at_end() const { return at_ >= latex_.size(); }
    std::size_t position() const { return at_; }

    // The token here; empty at the end.
    std::string_view peek() const { return latex_.substr(at_, length()); }
    std::string_view next() {
        const std::string_view token = peek();
        at_ += token.size();
        return token;
    }
    void skip_blanks() {
        while (peek() == " ") {
            ++at_;
        }
    }
    // If `token` comes next, passes over it.
    bool accept(std::string_view token) {
        const bool found = peek() == token;
        at_ += found ? token.size() : 0;
        return found;
    }
    // The text between the brace that comes next and its partner; without one, one token.
    std::string_view group();

private:
    std::size_t length() const;

    std::string_view latex_;
    std::size_t at_ = 0;
};

// What LaTeX's text mode holds, without its escapes: `a\_b` is a_b.
std::string plain_latex_text(std::string_view latex);

}  // namespace chainrule
