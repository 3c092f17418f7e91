// The command that goes on with a training, to be pasted into a shell:
//
//     resume_command({"chainrule", "train", "my net.nn"}, "m.safetensors");
//     // chainrule train 'my net.nn' --resume m.safetensors
#pragma once

#include <string>
#include <vector>

namespace chainrule {

// The command line as it was, from `checkpoint` instead of the beginning or another checkpoint.
std::string resume_command(const std::vector<std::string>& command_line,
                           const std::string& checkpoint);

}  // namespace chainrule
