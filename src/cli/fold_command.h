// `train --folds K`: cross-validation instead of a training (train/cross_validation.h). It prints a
// table of the folds, or one JSON object, and saves no model: the K networks were trained to be
// measured.
#pragma once

#include "cli/train_command.h"

namespace chainrule {

// UserError for options that have nothing to do here, such as --out.
void check_fold_options(const TrainCommand& options);

void run_folds(const Network& network, const TrainCommand& options, const DataRequest& data,
               CommandContext& context);

}  // namespace chainrule
