// The last pass before a plan: copies, as nodes, where a value needs a place of its own.
//
// - An output or a state's new value that is a leaf, a view, a constant, or another state's new
// value.
// - A leaf per example whose rows an action or a sum over the batch needs in one block: the
// caller's data
//   have another order and another format.
// - What a view shows that cannot be read through it: the operand of a reshape of a transpose.
// - A shared number that is computed wherever it is used, where it is a place or stands at one.
//
// Needs: an expanded graph. Guarantees: the same values; every output is a computed node, and no
// two states have the same one; every view can be read through.
//
//     before: batch_matmul(delta, x')
//     after:  batch_matmul(delta, cast(x)')
#pragma once

#include "compile/options.h"

namespace chainrule {

struct Settled {
    Graph graph;
    CompileOptions options;  // its updates in the ids of `graph`
};

Settled settle(const Graph& graph, const CompileOptions& options);

}  // namespace chainrule
