// Compiled code against the reference evaluator, over a batch.
#pragma once

#include <string>

#include "compile/options.h"
#include "eval/evaluate.h"
#include "ir/graph.h"

namespace chainrule::tests {

struct CompiledCheck {
    ScalarKind real = ScalarKind::f64;
    double tolerance =
        1e-12;  // relative to the largest number of an output, but for numbers below 1
    std::size_t threads = 2;
};

// Runs the graph's outputs compiled and by reference; a fault in words, or nothing. Per-example
// leaves have one tensor for each example.
std::string compiled_fault(const Graph& graph, const BatchBindings& values, std::size_t batch,
                           const CompiledCheck& check);

}  // namespace chainrule::tests
