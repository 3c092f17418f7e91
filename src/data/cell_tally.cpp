#include "data/cell_tally.h"

#include <fmt/format.h>

#include <algorithm>

#include "data/wording.h"

namespace chainrule {

std::size_t CellTally::missing_cells() const {
    std::size_t cells = 0;
    for (const auto& [column, found] : missing) {
        cells += found.cells;
    }
    return cells;
}

void CellTally::add(const CellTally& later) {
    first_missing = missing.empty() ? later.first_missing : first_missing;
    for (const auto& [column, found] : later.missing) {
        missing[column].cells += found.cells;
        missing[column].is_category = found.is_category;
    }
    for (const auto& [column, found] : later.unknown) {
        const auto [here, is_new] = unknown.try_emplace(column, found);
        here->second.cells += is_new ? 0 : found.cells;
    }
}

void CellTally::refuse_missing(const std::string& source, const char* how_many) const {
    if (const std::size_t cells = missing_cells(); cells > 0) {
        throw UserError(fmt::format("{}: {}: the cell is missing ({} {})", source, first_missing,
                                    counted(cells, "missing cell"), how_many));
    }
}

std::vector<Diagnostic> CellTally::warnings(const std::string& source) const {
    std::vector<Diagnostic> warnings;
    if (const std::size_t cells = missing_cells(); cells > 0) {
        const bool categories =
            std::ranges::any_of(missing, [](const auto& each) { return each.second.is_category; });
        warnings.push_back(warning(fmt::format(
            "{}: {} in {} {} filled with the column's mean in the training data{}, the first in {}",
            source, counted(cells, "missing cell"), counted(missing.size(), "column"),
            cells == 1 ? "is" : "are",
            categories ? " (a category's with the share of each value)" : "", first_missing)));
    }
    for (const auto& [column, found] : unknown) {
        const char* const verb = found.cells == 1 ? "is" : "are";
        warnings.push_back(warning(fmt::format(
            "{}: {} in {} {} in no training row and {} read as no category, the first, {}", source,
            counted(found.cells, "cell"), found.column, verb, verb, found.first)));
    }
    return warnings;
}

}  // namespace chainrule
