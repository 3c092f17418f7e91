// Which values get a place in memory, and which.
#pragma once

#include <functional>
#include <unordered_map>

#include "compile/options.h"
#include "compile/plan.h"
#include "compile/schedule.h"

namespace chainrule {

class Buffers {
public:
    Buffers(const Graph& graph, const CompileOptions& options, Plan& plan);

    // The buffer of a base (a leaf, a constant, a computed node), made when first asked for. A
    // computed node is in `rows` or `shared`, an update in its leaf's place, unless put_in_scratch
    // was called.
    std::uint32_t of(NodeId base);
    // For values that only other nests of one kernel need.
    void put_in_scratch(NodeId node, std::int64_t elements);
    bool is_scratch(NodeId base) { return plan_.buffers[of(base)].region == Region::scratch; }
    // The parts of a sum over the batch, a block for each tile.
    std::uint32_t parts_of(NodeId batch_fold, std::int64_t tiles);

    // Elements from one example (or tile) to the next.
    std::int64_t block(std::uint32_t buffer) const { return plan_.buffers[buffer].size; }
    // A kernel's scratch begins anew.
    void reset_scratch() { scratch_used_ = 0; }

private:
    std::uint32_t make(NodeId base);
    std::uint32_t add(Buffer buffer);
    std::uint32_t leaf(NodeId id);
    std::string name_of(NodeId id) const;

    const Graph& graph_;
    const CompileOptions& options_;
    Plan& plan_;
    std::unordered_map<NodeId, NodeId> updated_leaf_;  // by new value
    std::unordered_map<NodeId, std::uint32_t> known_;
    std::unordered_map<NodeId, std::uint32_t> parts_;
    std::int64_t scratch_used_ = 0;
};

}  // namespace chainrule
