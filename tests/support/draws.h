// How many random cases a test draws: under the sanitizers, where each takes ten times as long and
// an error in memory shows in any of them, a quarter.
#pragma once

#include <concepts>

namespace chainrule::tests {

template <std::integral T>
constexpr T draws(T count) {
#if defined(CHAINRULE_SANITIZED)
    return (count + 3) / 4;
#else
    return count;
#endif
}

}  // namespace chainrule::tests
