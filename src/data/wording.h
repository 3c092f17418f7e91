// Words that messages about data share.
//
//     counted(1, "row") == "1 row";  counted(3, "row") == "3 rows"
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "lang/diagnostic.h"

namespace chainrule {

inline std::string counted(std::uint64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

// Of no place in the network's text.
inline Diagnostic warning(std::string message) {
    return {Severity::warning, std::move(message), {}, {}};
}

}  // namespace chainrule
