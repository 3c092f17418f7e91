#include "data/example_parts.h"

#include <utility>
#include <vector>

namespace chainrule {

std::size_t StreamedTable::rows(Side side) const {
    if (side == Side::all) {
        return survey.rows();
    }
    const RowSplit rule = row_split();
    return side == Side::training ? rule.training() : rule.held_out();
}

RowSplit StreamedTable::row_split() const {
    return class_rows.empty() ? RowSplit(survey.rows(), split, seed)
                              : RowSplit(class_rows, split, seed);
}

ExampleParts::ExampleParts(const StreamedTable& table, Side side)
    : table_(table), side_(side), rows_(table.survey) {
    if (side != Side::all) {
        split_ = table.row_split();
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
        if (!table_.class_weights.empty()) {
            weigh_by_class(data, table_.classes, table_.class_weights);
        }
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
        const std::size_t of_class =
            table_.class_rows.empty() ? 0 : table_.classes.of_row(data, row);
        if (split_->holds_out_next(of_class) == (side_ == Side::held_out)) {
            kept.push_back(row);
        }
    }
    keep_rows(data, kept);
}

}  // namespace chainrule
