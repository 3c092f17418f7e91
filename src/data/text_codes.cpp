#include "data/text_codes.h"

namespace chainrule {

std::optional<std::uint16_t> TextCodes::add(const Key& key, std::string_view text) {
    if (texts_.size() == most) {
        return std::nullopt;
    }
    const auto code = static_cast<std::uint16_t>(texts_.size());
    texts_.emplace_back(text);
    put(key, code);
    if (texts_.size() * 2 > slots_.size()) {
        slots_.assign(slots_.size() * 2, {});
        for (std::size_t i = 0; i < texts_.size(); ++i) {
            put(key_of(texts_[i]), static_cast<std::uint16_t>(i));
        }
    }
    return code;
}

void TextCodes::put(const Key& key, std::uint16_t code) {
    std::size_t at = hash_of(key) & (slots_.size() - 1);
    while (slots_[at].code != most) {
        at = (at + 1) & (slots_.size() - 1);
    }
    slots_[at] = {key, code};
}

}  // namespace chainrule
