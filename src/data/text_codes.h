// Different texts numbered in order of first appearance: a dictionary for columns of text.
//
//     TextCodes codes;
//     codes.code("red") == 0;  codes.code("blue") == 1;  codes.code("red") == 0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/words.h"

namespace chainrule {

class TextCodes {
public:
    // Codes are below this; so many different texts there may be.
    static constexpr std::uint16_t most = 65'535;

    // The text's code, a new one where it is new; none where that would be one too many.
    std::optional<std::uint16_t> code(std::string_view text) {
        const Key key = key_of(text);
        const Slot& slot = find(key, text);
        return slot.code != most ? slot.code : add(key, text);
    }

    // By code.
    const std::vector<std::string>& texts() const { return texts_; }

private:
    // The first and the last eight bytes hold all of a text of at most sixteen.
    struct Key {
        std::uint64_t first = 0;
        std::uint64_t last = 0;
        std::size_t size = 0;
        friend bool operator==(const Key&, const Key&) = default;
    };
    struct Slot {
        Key key;
        std::uint16_t code = most;  // most: the slot is free
    };

    static Key key_of(std::string_view text) {
        const char* const begin = text.data();
        const std::size_t size = text.size();
        const char* const end = begin + size;
        if (size >= 8) {
            return {word<std::uint64_t>(begin), word<std::uint64_t>(end - 8), size};
        }
        if (size >= 4) {
            return {word<std::uint32_t>(begin), word<std::uint32_t>(end - 4), size};
        }
        // The first, the middle and the last byte are all that there are.
        return size == 0
                   ? Key{}
                   : Key{word<std::uint8_t>(begin),
                         static_cast<std::uint64_t>(word<std::uint8_t>(begin + size / 2)) << 8 |
                             word<std::uint8_t>(end - 1),
                         size};
    }
    template <typename Word>
    static Word word(const char* bytes) {
        return load_word<Word>(bytes, ByteOrder::little);
    }

    static std::size_t hash_of(const Key& key) {
        // Odd numbers without a pattern (the golden ratio's and pi's digits) spread the bits.
        std::uint64_t hash = (key.first ^ key.size) * 0x9E3779B97F4A7C15U;
        hash = (hash ^ (hash >> 32) ^ key.last) * 0x243F6A8885A308D3U;
        return static_cast<std::size_t>(hash ^ (hash >> 32));
    }

    // The text's slot, or the free one where it belongs.
    const Slot& find(const Key& key, std::string_view text) const {
        constexpr std::size_t whole = 16;
        std::size_t at = hash_of(key) & (slots_.size() - 1);
        for (;; at = (at + 1) & (slots_.size() - 1)) {
            const Slot& slot = slots_[at];
            if (slot.code == most ||
                (slot.key == key && (key.size <= whole || texts_[slot.code] == text))) {
                return slot;
            }
        }
    }

    std::optional<std::uint16_t> add(const Key& key, std::string_view text);
    void put(const Key& key, std::uint16_t code);

    std::vector<Slot> slots_ = std::vector<Slot>(64);  // a power of two, at most half of them used
    std::vector<std::string> texts_;
};

}  // namespace chainrule
