#include "data/npy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "data/npy_header.h"
#include "data/wording.h"
#include "data/words.h"

namespace chainrule {
namespace {

// NumPy writes less than 3 kB for the most dimensions that an array may have.
constexpr std::size_t longest_header = std::size_t{64} << 10;

[[noreturn]] void fail_npy(const ByteStream& stream, const std::string& what) {
    fail_array(stream, "NPY", what);
}

void read_exactly(const ByteStream& stream, std::span<char> bytes, std::string_view what) {
    const std::size_t got = stream.read(bytes);
    if (got < bytes.size()) {
        fail_npy(stream, fmt::format("{} is cut short: {} of {}", what, got,
                                     counted(bytes.size(), "byte")));
    }
}

// Magic, version and length; returns the length of the header's text, and in `bytes` what was read.
std::size_t read_header_length(const ByteStream& stream, std::size_t& bytes) {
    std::array<char, npy_magic.size() + 2> start{};
    read_exactly(stream, start, "its beginning");
    if (std::string_view(start.data(), npy_magic.size()) != npy_magic) {
        fail_npy(stream, "it does not begin with \\x93NUMPY");
    }
    const auto major = static_cast<unsigned char>(start[npy_magic.size()]);
    const auto minor = static_cast<unsigned char>(start[npy_magic.size() + 1]);
    if (major < 1 || major > 3 || minor != 0) {
        fail_npy(stream,
                 fmt::format("its version is {}.{}; there are 1.0, 2.0 and 3.0", major, minor));
    }
    std::array<char, sizeof(std::uint32_t)> length{};
    const std::size_t width = major == 1 ? sizeof(std::uint16_t) : sizeof(std::uint32_t);
    read_exactly(stream, std::span(length).first(width), "the length of its header");
    bytes = start.size() + width;
    return load_word<std::uint32_t>(length.data(), ByteOrder::little);
}

NpyHeader read_header(const ByteStream& stream, std::size_t& bytes) {
    const std::size_t length = read_header_length(stream, bytes);
    if (length > longest_header) {
        fail_npy(stream, fmt::format("its header would have {} bytes, above the limit of {}",
                                     length, longest_header));
    }
    std::string text(length, '\0');
    read_exactly(stream, text, "its header");
    NpyHeader header = parse_npy_header(text, bytes + 1, stream);
    bytes += length;
    if (header.shape.empty() || header.shape.size() > most_dimensions) {
        fail_npy(stream, header.shape.empty()
                             ? "it holds a single number, not an array of examples"
                             : fmt::format("it has {} dimensions; from 1 to {} are read",
                                           header.shape.size(), most_dimensions));
    }
    return header;
}

}  // namespace

ArrayHeader read_npy_header(const ByteStream& stream) {
    std::size_t bytes = 0;
    const NpyHeader header = read_header(stream, bytes);
    return {.format = "NPY",
            .bytes = bytes,
            .dimensions = header.shape,
            .element = header.element,
            .column_major = header.column_major && header.shape.size() > 1};
}

NumberArray read_npy(const ByteStream& stream) {
    return read_array(stream, read_npy_header(stream));
}

std::string npy_head(const std::vector<std::size_t>& shape, std::size_t bytes_per_number) {
    constexpr std::size_t alignment = 64;
    std::string text =
        fmt::format("{{'descr': '<f{}', 'fortran_order': False, 'shape': ({}{}), }}",
                    bytes_per_number, fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
    std::string head = std::string(npy_magic) + std::string("\x01\x00", 2);
    const std::size_t before = head.size() + sizeof(std::uint16_t);
    text.append(alignment - (before + text.size()) % alignment, ' ');
    text.back() = '\n';
    append_word(head, static_cast<std::uint16_t>(text.size()));
    return head + text;
}

}  // namespace chainrule
