#include "data/example_parts.h"

#include <utility>
#include <vector>

namespace chainrule {

std::size_t StreamedExamples::rows(Side side) const {
    if (side == Side::all) {
        return rows_of(file);
    }
    const RowSplit rule = row_split();
    return side == Side::training ? rule.training() : rule.held_out();
}

RowSplit StreamedExamples::row_split() const {
    return class_rows.empty() ? RowSplit(rows_of(file), split, seed)
                              : RowSplit(class_rows, split, seed);
}

ExampleParts::ExampleParts(const StreamedExamples& examples, Side side)
    : examples_(examples),
      side_(side),
      next_(parts_of(examples.file)),
      ahead_([this] { return read(); }) {
    if (side != Side::all) {
        split_ = examples.row_split();
    }
}

std::optional<Dataset> ExampleParts::read() {
    for (RawExamples rows; next_(rows);) {
        Dataset data = bind_part(std::move(rows), examples_.bind);
        keep_side(data);
        if (!examples_.class_weights.empty()) {
            weigh_by_class(data, examples_.classes, examples_.class_weights);
        }
        if (examples_.how) {
            preprocess(data, *examples_.how);
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
            examples_.class_rows.empty() ? 0 : examples_.classes.of_row(data, row);
        if (split_->holds_out_next(of_class) == (side_ == Side::held_out)) {
            kept.push_back(row);
        }
    }
    keep_rows(data, kept);
}

}  // namespace chainrule
