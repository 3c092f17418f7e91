#include "data/idx.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "data/wording.h"

namespace chainrule {
namespace {

constexpr std::size_t magic_bytes = 4;

struct IdxType {
    std::uint8_t code;
    ElementType element;
    std::string_view name;
};

using ElementKind = ElementType::Kind;
constexpr std::array<IdxType, 6> types{{
    {0x08, {ElementKind::unsigned_integer, 1, ByteOrder::big}, "unsigned byte"},
    {0x09, {ElementKind::signed_integer, 1, ByteOrder::big}, "signed byte"},
    {0x0B, {ElementKind::signed_integer, 2, ByteOrder::big}, "short"},
    {0x0C, {ElementKind::signed_integer, 4, ByteOrder::big}, "int"},
    {0x0D, {ElementKind::real, 4, ByteOrder::big}, "float"},
    {0x0E, {ElementKind::real, 8, ByteOrder::big}, "double"},
}};

[[noreturn]] void fail_idx(const ByteStream& stream, const std::string& what) {
    fail_array(stream, "IDX", what);
}

const IdxType& find_type(const ByteStream& stream, std::uint8_t code) {
    const auto* const type = std::ranges::find(types, code, &IdxType::code);
    if (type != types.end()) {
        return *type;
    }
    std::string known;
    for (const IdxType& each : types) {
        known += fmt::format("{}0x{:02X} {}", known.empty() ? "" : ", ", each.code, each.name);
    }
    fail_idx(stream, fmt::format("byte 3, the type of its elements, is 0x{:02X}; there are {}",
                                 code, known));
}

// The header's bytes after the first four.
std::vector<std::uint64_t> read_dimensions(const ByteStream& stream, std::size_t rank) {
    if (rank == 0 || rank > most_dimensions) {
        fail_idx(stream,
                 fmt::format("byte 4, the number of its dimensions, is {}; from 1 to {} are read",
                             rank, most_dimensions));
    }
    std::string bytes(rank * sizeof(std::uint32_t), '\0');
    const std::size_t got = stream.read(bytes);
    if (got < bytes.size()) {
        fail_idx(stream, fmt::format("its header for {} is cut short: {} of {} bytes",
                                     counted(rank, "dimension"), magic_bytes + got,
                                     magic_bytes + bytes.size()));
    }
    std::vector<std::uint64_t> dimensions;
    for (std::size_t i = 0; i < rank; ++i) {
        dimensions.push_back(
            load_word<std::uint32_t>(bytes.data() + i * sizeof(std::uint32_t), ByteOrder::big));
    }
    return dimensions;
}

}  // namespace

bool begins_as_idx(DataSource& source) { return source.begins_with(std::string_view("\0\0", 2)); }

ArrayHeader read_idx_header(const ByteStream& stream) {
    std::array<char, magic_bytes> magic{};
    if (const std::size_t got = stream.read(magic); got < magic.size()) {
        fail_idx(stream, fmt::format("it has {}, fewer than the 4 with which one begins",
                                     counted(got, "byte")));
    }
    if (magic[0] != 0 || magic[1] != 0) {
        fail_idx(stream,
                 fmt::format("it begins with the bytes 0x{:02X} 0x{:02X}, not with two zeros",
                             static_cast<unsigned char>(magic[0]),
                             static_cast<unsigned char>(magic[1])));
    }
    ArrayHeader header{.format = "IDX", .bytes = magic_bytes, .dimensions = {}, .element = {}};
    header.element = find_type(stream, static_cast<std::uint8_t>(magic[2])).element;
    header.dimensions = read_dimensions(stream, static_cast<unsigned char>(magic[3]));
    header.bytes += header.dimensions.size() * sizeof(std::uint32_t);
    return header;
}

NumberArray read_idx(const ByteStream& stream) {
    return read_array(stream, read_idx_header(stream));
}

}  // namespace chainrule
