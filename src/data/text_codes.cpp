#include "data/text_codes.h"

#include <utility>

namespace chainrule {

std::uint16_t TextCodes::add(const Key& key, std::string_view text) {
    if (texts_.size() == most) {
        return most;
    }
    const auto code = static_cast<std::uint16_t>(texts_.size());
    texts_.emplace_back(text);
    if (texts_.size() * 2 > slots_.size()) {
        const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.size() * 2));
        --place_shift_;
        for (const Slot& slot : old) {
            if (slot.code != most) {
                put(slot);
            }
        }
    }
    put({key.words, static_cast<std::uint32_t>(key.size), code});
    return code;
}

void TextCodes::put(const Slot& slot) {
    std::size_t at = place_of({slot.words, slot.size});
    while (slots_[at].code != most) {
        at = (at + 1) & (slots_.size() - 1);
    }
    slots_[at] = slot;
}

}  // namespace chainrule
