// The members of a ZIP archive, read without trust. Source: PKWARE's APPNOTE.TXT, sections 4.3
// and 4.4.
//
// Members are stored or deflated; encrypted ones, other methods, archives in several parts and
// above 4 GiB (zip64) are refused by name. Offsets and lengths are checked against the archive
// before use, members may not share bytes, names are there once, and a member's checksum is
// compared at its end.
//
// Errors: UserError naming the archive and the member. Memory: the packed archive and what a reader
// of members keeps.
//
//     const std::string bytes = ...;
//     for (const ZipMember& member : list_zip_members(bytes, "d.npz"))
//         read_zip_member(bytes, "d.npz", member, [](const ByteStream& stream) { ... });
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "data/byte_stream.h"

namespace chainrule {

constexpr std::string_view zip_magic = "PK\x03\x04";
constexpr std::string_view empty_zip_magic = "PK\x05\x06";  // of an archive without files

struct ZipMember {
    std::string name;
    bool deflated = false;
    std::uint32_t checksum = 0;
    std::size_t begin = 0;        // of its packed bytes in the archive
    std::size_t packed_size = 0;  // how many these are
    std::size_t size = 0;         // unpacked
};

// In the order of the archive's directory. `archive` is what messages call it.
std::vector<ZipMember> list_zip_members(std::string_view bytes, const std::string& archive);

// Calls `read` with the member's bytes, all of which it must take.
void read_zip_member(std::string_view bytes, const std::string& archive, const ZipMember& member,
                     const std::function<void(const ByteStream&)>& read);

}  // namespace chainrule
