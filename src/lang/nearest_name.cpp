#include <algorithm>
#include <cstddef>

#include "lang/diagnostic.h"

namespace chainrule {

namespace {

constexpr std::size_t longest_name = 255;

// Insertions, deletions, substitutions and swaps of neighbours, each at cost 1 (the "optimal string
// alignment" distance of Damerau 1964); `too_far` as soon as it must exceed `bound`.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t bound) {
    const std::size_t too_far = bound + 1;
    const std::size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
    if (difference > bound) return too_far;

    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substitution = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, substitution});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        if (*std::min_element(row.begin(), row.end()) > bound) return too_far;
        before.swap(last);
        last.swap(row);
    }
    return last[b.size()];
}

}  // namespace

std::string_view nearest_name(std::string_view name,
                              const std::vector<std::string_view>& candidates) {
    if (name.size() > longest_name) return {};
    std::size_t bound = std::max<std::size_t>(1, name.size() / 3);
    std::string_view nearest;
    for (const std::string_view candidate : candidates) {
        const std::size_t distance = edit_distance(name, candidate, bound);
        // `x` and `y` are as near as one letter allows and yet have nothing in common.
        if (distance > bound || distance >= std::max(name.size(), candidate.size())) continue;
        nearest = candidate;
        if (distance == 0) break;
        bound = distance - 1;  // a later one must be nearer
    }
    return nearest;
}

}  // namespace chainrule
