// Random numbers that are a pure function of (seed, stream, index).
//
// Philox4x32-10, a counter-based generator (Salmon, Moraes, Dror, Shaw:
// "Parallel random numbers: as easy as 1, 2, 3", SC 2011). There is no state to
// advance: the i-th number of a stream is the same whoever asks for it, in
// whatever order, on whatever thread. The seed is the key; the counter holds
// the index in its low and the stream in its high 64 bits.
//
//     RandomStream weights(seed, stream_id("weight W1"));
//     W1[i] = 0.1 * weights.normal(i);
//
// Streams are named, so that adding a weight to a network does not change the
// others' numbers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace chainrule {

using PhiloxCounter = std::array<std::uint32_t, 4>;
using PhiloxKey = std::array<std::uint32_t, 2>;

// The bijection itself: ten rounds on one counter.
PhiloxCounter philox4x32(PhiloxCounter counter, PhiloxKey key);

// A stream's number from its purpose and, for a family of streams, a place in
// it: the epoch, the step.
std::uint64_t stream_id(std::string_view purpose, std::uint64_t number = 0);

class RandomStream {
public:
    RandomStream(std::uint64_t seed, std::uint64_t stream) : seed_(seed), stream_(stream) {}

    std::uint64_t bits(std::uint64_t index) const;

    // Uniform in [0, 1), a multiple of 2^-53.
    double uniform(std::uint64_t index) const;
    // Uniform in [low, high); needs low < high, both finite, high - low finite.
    double uniform(std::uint64_t index, double low, double high) const;

    // Standard normal, by Box and Muller; |value| is below 8.6.
    double normal(std::uint64_t index) const;

    // Uniform in 0 .. bound - 1, without bias (Lemire 2019, with rejection);
    // needs bound >= 1.
    std::uint64_t below(std::uint64_t index, std::uint64_t bound) const;

    // All of 0 .. count - 1, each order as likely as any other (Fisher and
    // Yates).
    std::vector<std::size_t> permutation(std::size_t count) const;

private:
    PhiloxCounter block(std::uint64_t index) const;
    PhiloxKey key() const;

    std::uint64_t seed_;
    std::uint64_t stream_;
};

}  // namespace chainrule
