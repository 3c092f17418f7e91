// Other data for a trained model: read as training read its own, filled and scaled by what it learnt.
//
// - Where both files have headers, columns are found by the names that they had in training; others are
//   passed over. Otherwise they stand where they stood in training; the target's may be left out
//   where it is not asked for, and that of weights always, which play no role here.
// - Categories, labels and missing cells follow training (data/dataset.h): a category that it has not
//   seen is read as none, with a warning; a label that it has not seen is refused.
//
//     Dataset rows = read_model_data(network, learnt, {.data = "x.csv"}, Target::unused, diagnostics);
#pragma once

#include "train/training_data.h"

namespace chainrule {

enum class Target : std::uint8_t { wanted, unused };

// Of the request the test part plays no role, its target but overrides what training chose. Warnings go
// to `diagnostics`. UserError for data that does not fit, naming all columns that are missing, and for a
// network that takes no data.
Dataset read_model_data(const Network& network, const LearntData& learnt,
                        const DataRequest& request, Target target, Diagnostics& diagnostics);

}  // namespace chainrule
