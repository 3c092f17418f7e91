// What a graph is compiled for.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "compile/plan.h"
#include "ir/graph.h"
#include "scalar/scalar.h"

namespace chainrule {

// The output takes the place of the leaf when the run is over: a weight and its updated value.
struct StateUpdate {
    NodeId leaf;
    NodeId value;
};

struct CompileOptions {
    ScalarKind real = ScalarKind::f32;
    std::int64_t batch = 1;  // the most examples of a run
    std::vector<StateUpdate> updates = {};
    // Of the leaves per example, by name; one that is not here has the format of `real`.
    std::map<std::string, ElementFormat> formats = {};
};

}  // namespace chainrule
