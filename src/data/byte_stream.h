// Bytes to be read once, wherever they come from: a file or a member of an archive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>

namespace chainrule {

struct ByteStream {
    static constexpr std::uint64_t unknown = std::numeric_limits<std::uint64_t>::max();

    std::string name;  // what messages call it
    // No more than these can come, whatever a header in them promises; `unknown` of a pipe.
    std::uint64_t most_bytes = unknown;
    // Fills the front of the buffer, and all of it unless the end is reached.
    std::function<std::size_t(std::span<char>)> read;
};

}  // namespace chainrule
