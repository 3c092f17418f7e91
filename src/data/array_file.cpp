#include "data/array_file.h"

#include <fmt/format.h>

#include "data/cell.h"
#include "data/idx.h"
#include "data/npy.h"
#include "data/zip_archive.h"
#include "lang/diagnostic.h"

namespace chainrule {
namespace {

std::string first_bytes(DataSource& source) {
    std::string list;
    for (const char byte : source.peek(4)) {
        list +=
            fmt::format("{}0x{:02X}", list.empty() ? "" : " ", static_cast<unsigned char>(byte));
    }
    return list.empty() ? "(none: it is empty)" : list;
}

std::string read_all(const ByteStream& stream) {
    constexpr std::size_t chunk = std::size_t{1} << 20;
    std::string bytes;
    constexpr std::size_t most_reserved = std::size_t{1} << 30;  // whatever is promised
    if (stream.most_bytes < most_reserved) {
        bytes.reserve(stream.most_bytes + chunk);
    }
    std::size_t got = 0;
    do {
        const std::size_t had = bytes.size();
        bytes.resize(had + chunk);
        got = stream.read(std::span(bytes).subspan(had));
        bytes.resize(had + got);
    } while (got == chunk);
    return bytes;
}

ArrayFile read_npz(DataSource& source) {
    constexpr std::string_view extension = ".npy";
    ArrayFile file{source.name(), {}};
    const std::string bytes = read_all(source.stream());
    for (const ZipMember& member : list_zip_members(bytes, source.name())) {
        if (!member.name.ends_with(extension)) {
            throw UserError(fmt::format("{} holds {}, which is no .npy array", source.name(),
                                        quote_cell(member.name)));
        }
        const std::string name = member.name.substr(0, member.name.size() - extension.size());
        read_zip_member(bytes, source.name(), member, [&](const ByteStream& stream) {
            file.arrays.push_back({name, read_npy(stream)});
        });
    }
    if (file.arrays.empty()) {
        throw UserError(source.name() + " holds no arrays");
    }
    return file;
}

}  // namespace

bool holds_arrays(DataSource& source) {
    return begins_as_idx(source) || source.begins_with(npy_magic) || is_archive(source);
}

bool is_archive(DataSource& source) {
    return source.begins_with(zip_magic) || source.begins_with(empty_zip_magic);
}

ArrayHeader read_array_header(DataSource& source) {
    if (source.begins_with(npy_magic)) {
        return read_npy_header(source.stream());
    }
    if (begins_as_idx(source)) {
        return read_idx_header(source.stream());
    }
    throw UserError(
        fmt::format("{} holds no arrays: it begins with the bytes {}, and IDX files begin with "
                    "two zeros, NPY "
                    "files with \\x93NUMPY, NPZ files with PK; the labels of a table are one "
                    "of its columns, "
                    "which --target selects",
                    source.name(), first_bytes(source)));
}

ArrayFile read_array_file(DataSource& source) {
    if (is_archive(source)) {
        return read_npz(source);
    }
    const ArrayHeader header = read_array_header(source);
    return {source.name(), {{"", read_array(source.stream(), header)}}};
}

}  // namespace chainrule
