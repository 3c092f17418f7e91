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
        if (text.size() >= padded_size) {
            return padded_code(text);
        }
        std::array<char, padded_size> padded{};
        std::memcpy(padded.data(), text.data(), text.size());
        return padded_code({padded.data(), text.size()});
    }
    // The same of a text from whose beginning on so many bytes may be read, whatever they are.
    std::optional<std::uint16_t> padded_code(std::string_view text) {
        const Key key = key_of(text);
        const Slot& slot = find(key, text);
        return slot.code != most ? slot.code : add(key, text);
    }

    // By code.
    const std::vector<std::string>& texts() const { return texts_; }

private:
    // The first 24 bytes, zeros after the text's end, hold all of most texts.
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
        // Ones for the bytes of a text of 24, and zeros after them: from 24 - size on, the mask of a text.
        static constexpr std::array<unsigned char, 48> ones_and_zeros = [] {
            std::array<unsigned char, 48> bytes{};
            for (std::size_t i = 0; i < 24; ++i) {
                bytes[i] = 0xFF;
            }
            return bytes;
        }();
        const std::size_t kept = text.size() < padded_size ? text.size() : padded_size;
        const unsigned char* const mask = ones_and_zeros.data() + (padded_size - kept);
        Key key{{}, text.size()};
        for (std::size_t i = 0; i < key.words.size(); ++i) {
            std::uint64_t bytes = 0;
            std::uint64_t ones = 0;
            std::memcpy(&bytes, text.data() + 8 * i, sizeof bytes);
            std::memcpy(&ones, mask + 8 * i, sizeof ones);
            key.words[i] = bytes & ones;
        }
        return key;
    }

    static std::size_t hash_of(const Key& key) {
        // Odd numbers without a pattern (digits of the golden ratio, pi and e) spread the bits.
        const std::uint64_t hash = (key.words[0] ^ key.size) * 0x9E3779B97F4A7C15U +
                                   key.words[1] * 0x243F6A8885A308D3U +
                                   key.words[2] * 0xADF85458A2BB4A9BU;
        return static_cast<std::size_t>((hash ^ (hash >> 29)) * 0x9E3779B97F4A7C15U >> 32);
    }

    bool is_at(const Slot& slot, const Key& key, std::string_view text) const {
        const std::uint64_t differ =
            (slot.words[0] ^ key.words[0]) | (slot.words[1] ^ key.words[1]) |
            (slot.words[2] ^ key.words[2]) | (slot.size ^ static_cast<std::uint32_t>(key.size));
        return differ == 0 && (key.size <= padded_size || texts_[slot.code] == text);
    }

    // The text's slot, or the free one where it belongs.
    const Slot& find(const Key& key, std::string_view text) const {
        std::size_t at = hash_of(key) & (slots_.size() - 1);
        for (;; at = (at + 1) & (slots_.size() - 1)) {
            const Slot& slot = slots_[at];
            if (slot.code == most || is_at(slot, key, text)) {
                return slot;
            }
        }
    }

    std::optional<std::uint16_t> add(const Key& key, std::string_view text);
    void put(const Slot& slot);

    std::vector<Slot> slots_ = std::vector<Slot>(64);  // a power of two, at most half of them used
    std::vector<std::string> texts_;
};

}  // namespace chainrule
