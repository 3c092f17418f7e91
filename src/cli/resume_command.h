// Commands to be pasted into a shell: the one that goes on with a training, and those that replay what went wrong.
//
//     resume_command({"chainrule", "train", "my net.nn"}, "m.safetensors");
//     // chainrule train 'my net.nn' --resume m.safetensors
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"
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

}  // namespace chainrule
