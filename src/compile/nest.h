// A drafted nest to a loop nest: the program of its items, its loads and its stores.
#pragma once

#include <functional>

#include "compile/buffers.h"
#include "compile/nest_draft.h"

namespace chainrule {

struct NestContext {
    const Graph& graph;
    Layouts& layouts;
    const CompileOptions& options;
    RowDomain domain;
    Buffers& buffers;
    std::int64_t batch_tiles;  // of a job over the batch
    // Whether a job computes the node: what no job computes is given or inlined.
    std::function<bool(NodeId)> is_placed;
};

// Adds the draft's loops to a kernel. `is_stored(node)` says whether a computed value needs its
// place. A placement, which writes the parts of its result one by one, and fills what is left with
// 0, may need several nests.
void add_nests(const NestContext& context, const NestDraft& draft,
               const std::function<bool(NodeId)>& is_stored, Kernel& kernel);

// The access to a value's elements by the axes of its own shape, for whole blocks (products,
// routines).
Access access_to(const NestContext& context, const Layout& layout);

}  // namespace chainrule
