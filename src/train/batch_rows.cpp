#include "train/batch_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "lang/diagnostic.h"

namespace chainrule {

std::size_t batch_rows(const TrainOptions& options, std::size_t rows) {
    if (rows == 0) {
        throw UserError("there is nothing to train on: the data has no rows");
    }
    if (find_optimizer(options.optimizer.name())->full_batch != nullptr) {
        return rows;
    }
    const auto batch = static_cast<std::size_t>(options.batch);
    if (options.batch_chosen && batch > rows) {
        throw UserError(
            fmt::format("a batch of {} rows is larger than the training part, which has "
                        "{}: choose a batch of at most {}",
                        batch, rows, rows));
    }
    return std::min(batch, rows);
}

}  // namespace chainrule
