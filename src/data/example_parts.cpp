#include "data/example_parts.h"

#include <utility>
#include <vector>

namespace chainrule {

std::size_t StreamedTable::rows(Side side) const {
    if (side == Side::all) {
        return survey.rows();
    }
    const RowSplit rule(survey.rows(), split, seed);
    return side == Side::training ? rule.training() : rule.held_out();
}

ExampleParts::ExampleParts(const StreamedTable& table, Side side)
    : table_(table), side_(side), rows_(table.survey) {
    if (side != Side::all) {
        split_.emplace(table.survey.rows(), table.split, table.seed);
    }
}

bool ExampleParts::next(Dataset& part) {
    const auto read_ahead = [this] { return read(); };
    if (!ahead_.valid()) {
        ahead_ = std::async(std::launch::async, read_ahead);
    }
    std::optional<Dataset> data = ahead_.get();
    if (!data) {
        return false;
    }
    ahead_ = std::async(std::launch::async, read_ahead);
    part = std::move(*data);
    return true;
}

std::optional<Dataset> ExampleParts::read() {
    for (Table rows; rows_.next(rows);) {
        Dataset data = bind_part(rows, table_.bind);
        keep_side(data);
        if (table_.how) {
            preprocess(data, *table_.how);
        }
        if (data.rows > 0) {
            return data;
        }
    }
    return std::nullopt;
}

void ExampleParts::keep_side(Dataset& data) {
    if (!split_) {
        return;
    }
    std::vector<std::size_t> kept;
    for (std::size_t row = 0; row < data.rows; ++row) {
        if (split_->holds_out_next() == (side_ == Side::held_out)) {
            kept.push_back(row);
        }
    }
    keep_rows(data, kept);
}

}  // namespace chainrule
