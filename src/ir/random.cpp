#include "ir/random.h"

#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace chainrule {
namespace {

constexpr std::uint32_t low_word(std::uint64_t value) { return static_cast<std::uint32_t>(value); }

constexpr std::uint32_t high_word(std::uint64_t value) {
    return static_cast<std::uint32_t>(value >> 32);
}

constexpr std::uint64_t join(std::uint32_t low, std::uint32_t high) {
    return (static_cast<std::uint64_t>(high) << 32) | low;
}

struct Product128 {
    std::uint64_t high;
    std::uint64_t low;
};

// The full product of two 64-bit numbers, by 32-bit halves: ISO C++ has no
// 128-bit integer.
constexpr Product128 multiply(std::uint64_t a, std::uint64_t b) {
    const std::uint64_t a0 = low_word(a);
    const std::uint64_t a1 = high_word(a);
    const std::uint64_t b0 = low_word(b);
    const std::uint64_t b1 = high_word(b);
    const std::uint64_t p00 = a0 * b0;
    const std::uint64_t middle = a1 * b0 + high_word(p00);
    const std::uint64_t carry = a0 * b1 + low_word(middle);
    return {a1 * b1 + high_word(middle) + high_word(carry), join(low_word(p00), low_word(carry))};
}

// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): spreads every input
// bit over the output.
constexpr std::uint64_t scatter(std::uint64_t value) {
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31);
}

// The top 53 bits, so that every result is exact.
constexpr double unit_interval(std::uint64_t bits) {
    return static_cast<double>(bits >> 11) * 0x1p-53;
}

}  // namespace

PhiloxCounter philox4x32(PhiloxCounter counter, PhiloxKey key) {
    constexpr std::uint64_t multiplier0 = 0xD2511F53;
    constexpr std::uint64_t multiplier1 = 0xCD9E8D57;
    constexpr std::uint32_t weyl0 = 0x9E3779B9;  // the golden ratio
    constexpr std::uint32_t weyl1 = 0xBB67AE85;  // sqrt(3) - 1
    constexpr int rounds = 10;
    for (int round = 0; round < rounds; ++round) {
        const std::uint64_t product0 = multiplier0 * counter[0];
        const std::uint64_t product1 = multiplier1 * counter[2];
        counter = {high_word(product1) ^ counter[1] ^ key[0], low_word(product1),
                   high_word(product0) ^ counter[3] ^ key[1], low_word(product0)};
        key[0] += weyl0;
        key[1] += weyl1;
    }
    return counter;
}

std::uint64_t stream_id(std::string_view purpose, std::uint64_t number) {
    std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
    for (const char c : purpose) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
    return scatter(hash + scatter(number));
}

PhiloxKey RandomStream::key() const { return {low_word(seed_), high_word(seed_)}; }

PhiloxCounter RandomStream::block(std::uint64_t index) const {
    return philox4x32({low_word(index), high_word(index), low_word(stream_), high_word(stream_)},
                      key());
}

std::uint64_t RandomStream::bits(std::uint64_t index) const {
    const PhiloxCounter words = block(index);
    return join(words[0], words[1]);
}

double RandomStream::uniform(std::uint64_t index) const { return unit_interval(bits(index)); }

double RandomStream::uniform(std::uint64_t index, double low, double high) const {
    const double value = low + (high - low) * uniform(index);
    // Rounding may carry the sum up to `high`, which does not belong to the
    // interval.
    return value < high ? value : std::nextafter(high, low);
}

double RandomStream::normal(std::uint64_t index) const {
    const PhiloxCounter words = block(index);
    const double radius_draw = 1.0 - unit_interval(join(words[0], words[1]));  // in (0, 1]
    const double angle_draw = unit_interval(join(words[2], words[3]));
    return std::sqrt(-2.0 * std::log(radius_draw)) * std::cos(2.0 * std::numbers::pi * angle_draw);
}

std::uint64_t RandomStream::below(std::uint64_t index, std::uint64_t bound) const {
    PhiloxCounter words = block(index);
    Product128 product = multiply(join(words[0], words[1]), bound);
    if (product.low < bound) {
        const std::uint64_t unfair = (0 - bound) % bound;  // 2^64 mod bound
        while (product.low < unfair) {
            // A rejected draw is enciphered again: still a function of (seed, stream,
            // index) alone.
            words = philox4x32(words, key());
            product = multiply(join(words[0], words[1]), bound);
        }
    }
    return product.high;
}

std::vector<std::size_t> RandomStream::permutation(std::size_t count) const {
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = count; i > 1; --i) {
        std::swap(order[i - 1], order[below(i - 1, i)]);
    }
    return order;
}

}  // namespace chainrule
