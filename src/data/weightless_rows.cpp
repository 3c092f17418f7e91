#include "data/weightless_rows.h"

#include <fmt/format.h>

#include "data/choose_columns.h"
#include "data/wording.h"

namespace chainrule {

std::size_t leave_out_weightless(Table& table, const std::string& weights) {
    if (weights.empty()) {
        return 0;
    }
    const Column& column = table.columns[select_column(table, weights)];
    if (column.kind == ColumnKind::text) {
        return 0;
    }
    std::vector<std::size_t> counting;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        if (column.numbers[row] != 0) {
            counting.push_back(row);
        }
    }
    const std::size_t left_out = table.rows() - counting.size();
    if (left_out > 0) {
        keep_rows(table, counting);
    }
    return left_out;
}

std::vector<Diagnostic> note_weightless(const std::string& source, std::size_t left_out,
                                        std::size_t rows) {
    if (left_out == 0) {
        return {};
    }
    if (rows == 0) {
        throw UserError(source +
                        ": the weights of all rows are 0, so that none counts: give some of them a "
                        "weight above 0");
    }
    return {{Severity::note,
             fmt::format("{}: {} of weight 0 {} left out", source, counted(left_out, "row"),
                         left_out == 1 ? "is" : "are"),
             {},
             {}}};
}

}  // namespace chainrule
