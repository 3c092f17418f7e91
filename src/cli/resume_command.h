// Commands to be pasted into a shell: the one that goes on with a training, and those that replay
// what went wrong.
//
//     resume_command({"chainrule", "train", "my net.nn"}, "m.safetensors");
//     // chainrule train 'my net.nn' --resume m.safetensors
#pragma once

#include <string>
#include <vector>

#include "cli/train_command.h"
#include "train/failure.h"

namespace chainrule {

// Words as a shell reads them back.
std::string shell_line(const std::vector<std::string>& words);

// The command line as it was, from `checkpoint` instead of the beginning or another checkpoint.
std::string resume_command(const std::vector<std::string>& command_line,
                           const std::string& checkpoint);

// `chainrule explain log.nn --at w=1 --at x=-1`: the network at these values of its leaves.
std::string explain_command(const std::string& program, const NetworkOptions& network,
                            const LeafValues& values);

// `, with the same standard input` where one of the files was that, which a command does not hold.
std::string same_input(const TrainCommand& options);

// How a training failed, as lines to print: the network on the row that failed, where its numbers
// fit a command (one that came through standard input is to be saved first); else this training,
// from what it had saved before where it has `learnt` anything.
std::string how_to_replay(const TrainCommand& options, const LeafValues& failed_on, bool learnt,
                          const CommandContext& context);

}  // namespace chainrule
