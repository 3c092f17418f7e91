// The training step of a network, or of one without a loss its outputs, on the way to machine code,
// seen from outside: what `dump` prints.
//
//     Compilation seen = compile_step(network, {.after = "expand"});
#pragma once

#include <string>
#include <vector>

#include "elaborate/network.h"

namespace chainrule {

struct CompilationRequest {
    // Of step_stages(): stop there; empty: go on to the end.
    std::string after = {};
    DType dtype = DType::f32;
    std::int64_t batch = 32;
    bool emit = false;  // generate code
    bool check_each =
        false;  // compare the graph before and after each pass, and the code, by reference
};

struct Compilation {
    std::string text;  // of the stage: the graph, the plan or the loop
    std::string llvm_text;
    std::string assembly;
    struct Stage {
        std::string name;
        bool changed;
        double seconds;
    };
    std::vector<Stage> stages;  // those that ran
};

// `step`: the graph of forward, backward and update, or of the outputs; the speed passes; `fuse`:
// kernels, or for a small network the loop; `plan_memory`: the same with the place of each value.
std::vector<std::string> step_stages();

// Throws UserError for what cannot be trained, InternalError that names a pass that changes a
// value.
Compilation compile_step(const Network& network, const CompilationRequest& request);

}  // namespace chainrule
