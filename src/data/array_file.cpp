#include "data/array_file.h"

#include <fmt/format.h>

#include "data/idx.h"
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

}  // namespace

bool holds_arrays(DataSource& source) { return begins_as_idx(source); }

ArrayFile read_array_file(DataSource& source) {
    ArrayFile file{source.name(), {}};
    if (!holds_arrays(source)) {
        throw UserError(
            fmt::format("{} holds no arrays: it begins with the bytes {}, and IDX files "
                        "begin with two zeros; the labels of a table are one of its "
                        "columns, which --target selects",
                        source.name(), first_bytes(source)));
    }
    file.arrays.push_back({"", read_idx(source.stream())});
    return file;
}

}  // namespace chainrule
