// Going on from a checkpoint: what the training was begun with holds. Everything here refuses, as
// UserError naming the checkpoint and the difference, what would make another training of it.
//
//     check_network(checkpoint, path, text, network);
//     const TrainOptions options = resumed_options(checkpoint, path, overrides);
//     check_data(checkpoint, path, data.learnt, mark_of(data.parts));
//     train(network, options, data.parts, diagnostics, hooks, std::move(checkpoint.state));
#pragma once

#include <string>

#include "train/checkpoint.h"

namespace chainrule {

// The same text, imports, definitions and values of constants; the file may have another name.
void check_network(const Checkpoint& checkpoint, const std::string& path, const NetworkText& text,
                   const Network& network);

// The recipe of the checkpoint. The command line may repeat its settings; it may change what the
// result does not depend on (threads), and the number of epochs, unless the schedule depends on it,
// to no fewer than are completed.
TrainOptions resumed_options(const Checkpoint& checkpoint, const std::string& path,
                             const TrainOverrides& overrides);

// The same rows, read in the same way.
void check_data(const Checkpoint& checkpoint, const std::string& path, const LearntData& learnt,
                const DataMark& mark);

}  // namespace chainrule
