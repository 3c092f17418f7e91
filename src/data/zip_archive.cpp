#include "data/zip_archive.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <set>
#include <span>

#include "data/cell.h"
#include "data/inflater.h"
#include "data/words.h"
#include "lang/diagnostic.h"

namespace chainrule {
namespace {

constexpr std::uint32_t end_signature = 0x06054b50;
constexpr std::uint32_t entry_signature = 0x02014b50;
constexpr std::uint32_t member_signature = 0x04034b50;
constexpr std::size_t end_size = 22;
constexpr std::size_t entry_size = 46;
constexpr std::size_t member_header_size = 30;
constexpr std::size_t longest_comment = 65'535;
constexpr std::uint32_t in_zip64 = 0xFFFFFFFF;

// Words of the archive; one beyond its end is an error of the archive.
class ZipBytes {
public:
    ZipBytes(std::string_view bytes, const std::string& archive)
        : bytes_(bytes), archive_(archive) {}

    std::size_t size() const { return bytes_.size(); }

    template <typename Word>
    Word word(std::size_t at) const {
        return load_word<Word>(text(at, sizeof(Word)).data(), ByteOrder::little);
    }

    std::string_view text(std::size_t at, std::size_t count) const {
        if (at > bytes_.size() || count > bytes_.size() - at) {
            fail(fmt::format("it would go on to byte {}, but has {}", at + count, bytes_.size()));
        }
        return bytes_.substr(at, count);
    }

    [[noreturn]] void fail(const std::string& what) const {
        throw UserError(fmt::format("{} is not a valid ZIP archive: {}", archive_, what));
    }

private:
    std::string_view bytes_;
    const std::string& archive_;
};

// The last record of the archive, which a comment may follow.
std::size_t find_end(const ZipBytes& zip) {
    const std::size_t last = zip.size() < end_size ? 0 : zip.size() - end_size;
    const std::size_t first = last - std::min(last, longest_comment);
    for (std::size_t at = last + 1; at-- > first;) {
        if (zip.size() - at >= end_size && zip.word<std::uint32_t>(at) == end_signature) {
            return at;
        }
    }
    zip.fail("it has no directory at its end; was it cut short?");
}

ZipMember read_entry(const ZipBytes& zip, std::size_t& at) {
    if (zip.word<std::uint32_t>(at) != entry_signature) {
        zip.fail(fmt::format("its directory has no entry at byte {}", at + 1));
    }
    ZipMember member;
    const auto flags = zip.word<std::uint16_t>(at + 8);
    const auto method = zip.word<std::uint16_t>(at + 10);
    const auto packed_size = zip.word<std::uint32_t>(at + 20);
    const auto size = zip.word<std::uint32_t>(at + 24);
    const auto header = zip.word<std::uint32_t>(at + 42);
    const std::size_t name_size = zip.word<std::uint16_t>(at + 28);
    member.name = zip.text(at + entry_size, name_size);
    member.checksum = zip.word<std::uint32_t>(at + 16);
    member.packed_size = packed_size;
    member.size = size;
    member.deflated = method == 8;
    const std::string shown = quote_cell(member.name);
    if ((flags & 1U) != 0 || (method != 0 && method != 8)) {
        zip.fail(fmt::format(
            "its member {} is {}: store or deflate it", shown,
            (flags & 1U) != 0 ? "encrypted" : fmt::format("packed by method {}", method)));
    }
    if (packed_size == in_zip64 || size == in_zip64 || header == in_zip64) {
        zip.fail(fmt::format("its member {} is above 4 GiB: save it as .npy", shown));
    }
    if (zip.word<std::uint32_t>(header) != member_signature) {
        zip.fail(fmt::format("its member {} does not begin at byte {}", shown, header + 1));
    }
    member.begin = header + member_header_size + zip.word<std::uint16_t>(header + 26) +
                   zip.word<std::uint16_t>(header + 28);
    zip.text(member.begin, member.packed_size);  // is there
    const std::size_t most =
        member.deflated ? member.packed_size * Inflater::most_unpacked : member.packed_size;
    if (member.size > most || (!member.deflated && member.size != member.packed_size)) {
        zip.fail(fmt::format("its member {} cannot be {} bytes out of {}", shown, member.size,
                             member.packed_size));
    }
    at += entry_size + name_size + zip.word<std::uint16_t>(at + 30) +
          zip.word<std::uint16_t>(at + 32);
    return member;
}

void check_members(const ZipBytes& zip, const std::vector<ZipMember>& members) {
    std::set<std::string_view> names;
    std::size_t packed = 0;
    for (const ZipMember& member : members) {
        if (!names.insert(member.name).second) {
            zip.fail(fmt::format("it has two members {}", quote_cell(member.name)));
        }
        packed += member.packed_size;
    }
    if (packed > zip.size()) {
        zip.fail("its members share their bytes");
    }
}

}  // namespace

std::vector<ZipMember> list_zip_members(std::string_view bytes, const std::string& archive) {
    const ZipBytes zip(bytes, archive);
    const std::size_t end = find_end(zip);
    const auto count = zip.word<std::uint16_t>(end + 10);
    std::size_t at = zip.word<std::uint32_t>(end + 16);
    if (zip.word<std::uint16_t>(end + 4) != 0 || zip.word<std::uint16_t>(end + 8) != count) {
        zip.fail("it is one of several parts");
    }
    if (count == 0xFFFF || at == in_zip64) {
        zip.fail("it is above 4 GiB, or has 65,535 members: save arrays as .npy");
    }
    std::vector<ZipMember> members;
    for (std::size_t i = 0; i < count; ++i) {
        members.push_back(read_entry(zip, at));
    }
    check_members(zip, members);
    return members;
}

void read_zip_member(std::string_view bytes, const std::string& archive, const ZipMember& member,
                     const std::function<void(const ByteStream&)>& read) {
    std::string_view packed = bytes.substr(member.begin, member.packed_size);
    const std::string name = fmt::format("{} ({})", archive, member.name);
    const auto next_packed = [&packed] {
        constexpr std::size_t most = std::size_t{1} << 30;  // zlib counts in 32 bits
        const std::string_view piece = packed.substr(0, most);
        packed.remove_prefix(piece.size());
        return std::span(piece);
    };
    std::optional<Inflater> inflater;
    if (member.deflated) {
        inflater.emplace(Inflater::Format::bare, name, next_packed);
    }
    auto checksum = crc32(0, nullptr, 0);
    const auto read_on = [&](std::span<char> buffer) {
        std::size_t got = 0;
        if (inflater) {
            got = inflater->read(buffer);
        } else {
            got = packed.copy(buffer.data(), buffer.size());
            packed.remove_prefix(got);
        }
        checksum = crc32_z(checksum, reinterpret_cast<const Bytef*>(buffer.data()), got);
        return got;
    };
    read({name, member.size, read_on});
    if (checksum != member.checksum) {
        throw UserError(
            fmt::format("{} is broken: its checksum is wrong: fetch or copy the file "
                        "again",
                        name));
    }
}

}  // namespace chainrule
