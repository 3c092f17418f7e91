// Different texts numbered in order of first appearance: a dictionary for columns of text.
//
//     TextCodes codes;
//     codes.code("red") == 0;  codes.code("blue") == 1;  codes.code("red") == 0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chainrule {

class TextCodes {
public:
    // Codes are below this; so many different texts there may be.
    static constexpr std::uint16_t most = 65'535;
    // How many bytes from the beginning of a padded text on may be read.
    static constexpr std::size_t padded_size = 24;

    // The text's code, a new one where it is new; none where that would be one too many.
    std::optional<std::uint16_t> code(std::string_view text) {
        std::array<char, padded_size> padded{};
        if (text.size() < padded_size) {
            std::memcpy(padded.data(), text.data(), text.size());
        }
        const std::uint16_t found = padded_code(
            text.size() < padded_size ? std::string_view(padded.data(), text.size()) : text);
        return found == most ? std::nullopt : std::optional(found);
    }
    // The same of a text from whose beginning on so many bytes may be read, whatever they are;
    // `most` for none. (A small optional is written in two parts and read in one, for which the
    // processor waits.)
    std::uint16_t padded_code(std::string_view text) {
        const Key key = key_of(text);
        const Slot& slot = find(key, text);
        return slot.code != most ? slot.code : add(key, text);
    }

    // By code.
    const std::vector<std::string>& texts() const { return texts_; }

private:
    // The first 24 bytes, zeros after the text's end, hold all of most texts; of longer ones the
    // first 16 and the last 8 do, in which they differ most.
    struct Key {
        std::array<std::uint64_t, 3> words{};
        std::size_t size = 0;
    };
    struct Slot {
        std::array<std::uint64_t, 3> words{};
        std::uint32_t size = 0;
        std::uint16_t code = most;  // most: the slot is free
    };

    static Key key_of(std::string_view text) {
        // Ones for the bytes of a text of 24, and zeros after them: from 24 - size on, the mask of
        // a text.
        static constexpr std::array<unsigned char, 48> ones_and_zeros = [] {
            std::array<unsigned char, 48> bytes{};
            for (std::size_t i = 0; i < 24; ++i) {
                bytes[i] = 0xFF;
            }
            return bytes;
        }();
        const std::size_t kept = text.size() < padded_size ? text.size() : padded_size;
        const unsigned char* const mask = ones_and_zeros.data() + (padded_size - kept);
        const std::size_t last = text.size() > padded_size ? text.size() - 8 : 16;
        // Written out, because a loop of three stays one.
        return {{load_word(text.data()) & load_word(mask),
                 load_word(text.data() + 8) & load_word(mask + 8),
                 load_word(text.data() + last) & load_word(mask + 16)},
                text.size()};
    }

    static std::uint64_t load_word(const void* bytes) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes, sizeof word);
        return word;
    }

    // The place where the search for it begins: the upper bits of products, to which all lower ones
    // contribute.
    std::size_t place_of(const Key& key) const {
        // Odd numbers without a pattern (digits of the golden ratio, pi and e) spread the bits.
        const std::uint64_t hash = (key.words[0] ^ key.size) * 0x9E3779B97F4A7C15U +
                                   key.words[1] * 0x243F6A8885A308D3U +
                                   key.words[2] * 0xADF85458A2BB4A9BU;
        return static_cast<std::size_t>(hash >> place_shift_);
    }

    bool is_at(const Slot& slot, const Key& key, std::string_view text) const {
        const std::uint64_t differ =
            (slot.words[0] ^ key.words[0]) | (slot.words[1] ^ key.words[1]) |
            (slot.words[2] ^ key.words[2]) | (slot.size ^ static_cast<std::uint32_t>(key.size));
        return differ == 0 && (key.size <= padded_size || texts_[slot.code] == text);
    }

    // The text's slot, or the free one where it belongs.
    const Slot& find(const Key& key, std::string_view text) const {
        std::size_t at = place_of(key);
        for (;; at = (at + 1) & (slots_.size() - 1)) {
            const Slot& slot = slots_[at];
            if (slot.code == most || is_at(slot, key, text)) {
                return slot;
            }
        }
    }

    std::uint16_t add(const Key& key, std::string_view text);
    void put(const Slot& slot);

    std::vector<Slot> slots_ = std::vector<Slot>(64);  // a power of two, at most half of them used
    int place_shift_ = 64 - 6;                         // leaves as many bits as that power has
    std::vector<std::string> texts_;
};

}  // namespace chainrule
