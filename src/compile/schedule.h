// When each node is computed: in which phase, in which job, and after how many of the job's
// products.
//
// A job runs over rows: the examples of the batch, the rows of a large shared tensor, or one row
// for all that is small. What a tile of rows needs of other rows, or of another job, comes from an
// earlier phase; so a step of an ordinary network has two phases: all examples forward and
// backward, then all sums over the batch and the updates.
//
// Needs a graph after `settle` (compile/settle.h). Nodes are put as late as their users allow: what
// is cheap to compute is computed where it is used, and does not wait in memory.
#pragma once

#include <compare>
#include <vector>

#include "compile/layout.h"
#include "compile/options.h"

namespace chainrule {

// The rows that a job runs over.
struct RowDomain {
    bool batch = false;
    std::int64_t rows = 1;  // where not the batch's
    friend auto operator<=>(const RowDomain&, const RowDomain&) = default;
};

enum class ItemKind : std::uint8_t {
    compute,  // the node's value
    partial,  // of a sum over the batch: the tile's part of it
};

struct Item {
    NodeId node;
    ItemKind kind = ItemKind::compute;
    std::size_t after = 0;   // it follows this many rounds of the job's products
    bool is_action = false;  // a product or routine of its own, after the kernel of its round
};

struct ScheduledJob {
    RowDomain domain;
    std::size_t phase = 0;
    std::vector<Item> items;  // ascending by node
};

struct Schedule {
    std::vector<ScheduledJob> jobs;   // ascending by phase
    std::vector<std::size_t> job_of;  // by node: the job of its compute item, or no_job
};
constexpr std::size_t no_job = ~std::size_t{0};

Schedule make_schedule(const Graph& graph, Layouts& layouts, const CompileOptions& options);

// A shared number made of leaves, constants and the number of examples alone is computed wherever
// it is used: the step size over the batch size is worth no place in memory and no phase of its
// own.
bool is_inlined(const Graph& graph, Layouts& layouts, NodeId id);

// Whether a node is an action of its own: a routine, or a large matrix product.
bool is_action(const Graph& graph, NodeId id, const CompileOptions& options);

}  // namespace chainrule
