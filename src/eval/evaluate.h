// The reference evaluator: every op by its reference facet, in double precision, node by node. Slow
// and obvious; the oracle for everything else that computes.
#pragma once

#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "ir/graph.h"

namespace chainrule {

// A per-example value has one tensor for each example, a shared one has one.
using Batch = std::vector<Tensor>;
using Bindings = std::unordered_map<NodeId, Tensor>;
using BatchBindings = std::unordered_map<NodeId, Batch>;

// The values of `roots`, which nothing per example may stand among. Leaves take theirs from
// `bindings`, which must fit their shapes. Throws UserError for a leaf without a value.
std::vector<Tensor> evaluate(const Graph& graph, std::span<const NodeId> roots,
                             const Bindings& bindings);

// The value of every node that the roots need.
std::unordered_map<NodeId, Tensor> evaluate_all(const Graph& graph, std::span<const NodeId> roots,
                                                const Bindings& bindings);

// The same for a batch: leaves that are per example are bound to `batch_size` tensors.
std::vector<Batch> evaluate_batch(const Graph& graph, std::span<const NodeId> roots,
                                  const BatchBindings& bindings, std::size_t batch_size);

}  // namespace chainrule
