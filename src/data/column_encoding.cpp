#include "data/column_encoding.h"

#include <fmt/format.h>

#include <algorithm>

namespace chainrule {

std::vector<std::string> ColumnEncoding::element_names() const {
    if (kind != Kind::category) {
        return std::vector<std::string>(width, name);
    }
    std::vector<std::string> names;
    for (const std::string& category : categories) {
        names.push_back(fmt::format("{} = {}", name, category));
    }
    names.resize(width, fmt::format("{} = (not in the training rows)", name));
    return names;
}

ColumnEncoding encoding_of(const Column& column) {
    ColumnEncoding encoding{.name = column.name, .categories = {}};
    if (column.kind == ColumnKind::number) {
        return encoding;
    }
    const std::size_t values = column.values.size();
    const bool is_category = !column.too_many_values && values > 1 && values <= most_categories;
    encoding.kind = is_category ? ColumnEncoding::Kind::category : ColumnEncoding::Kind::ignored;
    encoding.width = is_category ? values : 0;
    return encoding;
}

void learn_categories(ColumnEncoding& encoding, const Column& column,
                      std::span<const std::size_t> rows) {
    if (encoding.kind != ColumnEncoding::Kind::category) {
        return;
    }
    std::vector<bool> seen(column.values.size(), rows.empty());
    for (const std::size_t row : rows) {
        if (!column.is_missing(row)) {
            seen[column.codes[row]] = true;
        }
    }
    encoding.categories.clear();
    for (std::size_t code = 0; code < seen.size(); ++code) {
        if (seen[code]) {
            encoding.categories.push_back(column.values[code]);
        }
    }
    std::ranges::sort(encoding.categories);
}

}  // namespace chainrule
