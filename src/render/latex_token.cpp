#include "render/latex_token.h"

#include <algorithm>
#include <cctype>

namespace chainrule {

std::size_t LatexCursor::length() const {
    const std::size_t left = latex_.size() - std::min(at_, latex_.size());
    if (left < 2) {
        return left;
    }
    if (latex_[at_] == '\\') {
        std::size_t end = at_ + 1;
        while (end < latex_.size() && std::isalpha(static_cast<unsigned char>(latex_[end])) != 0) {
            ++end;
        }
        return std::max<std::size_t>(end - at_, 2);
    }
    std::size_t end = at_ + 1;
    while (end < latex_.size() && (static_cast<unsigned char>(latex_[end]) & 0xC0U) == 0x80U) {
        ++end;  // the rest of a UTF-8 character
    }
    return end - at_;
}

std::string_view LatexCursor::group() {
    skip_blanks();
    if (peek() != "{") {
        return next();
    }
    next();
    const std::size_t begin = at_;
    int depth = 1;
    while (!at_end()) {
        const std::size_t end = at_;
        const std::string_view token = next();
        depth += token == "{" ? 1 : token == "}" ? -1 : 0;
        if (depth == 0) {
            return latex_.substr(begin, end - begin);
        }
    }
    return latex_.substr(begin);
}

std::string plain_latex_text(std::string_view latex) {
    std::string text;
    LatexCursor cursor(latex);
    while (!cursor.at_end()) {
        const std::string_view token = cursor.next();
        if (token == "\\textbackslash") {
            text += '\\';
        } else if (token.size() == 2 && token.front() == '\\') {
            text += token.back();
        } else if (token != "{" && token != "}") {
            text += token;
        }
    }
    return text;
}

}  // namespace chainrule
