#include "render/markup.h"

namespace chainrule {

std::string element(std::string_view tag, std::string_view content, std::string_view attributes) {
    std::string markup = "<";
    markup += tag;
    markup += attributes.empty() ? "" : " ";
    markup += attributes;
    markup += ">";
    markup += content;
    markup += "</";
    markup += tag;
    return markup += ">";
}

std::string escape_markup(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        switch (c) {
        case '&':
            escaped += "&amp;";
            break;
        case '<':
            escaped += "&lt;";
            break;
        case '>':
            escaped += "&gt;";
            break;
        case '"':
            escaped += "&quot;";
            break;
        case '\'':
            escaped += "&#39;";
            break;
        default:
            escaped += c;
        }
    }
    return escaped;
}

}  // namespace chainrule
