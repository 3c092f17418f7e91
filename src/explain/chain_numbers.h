// The numbers of a chain at one point, wherever the leaves that are given suffice.
#pragma once

#include <optional>
#include <span>
#include <unordered_map>

#include "explain/chain.h"
#include "explain/numbers.h"

namespace chainrule {

struct ChainNumbers {
    std::unordered_map<NodeId, Tensor> values;     // of named nodes, and of the chain's own nodes
    std::unordered_map<NodeId, Tensor> gradients;  // of the objective, by reverse mode, per name

    std::optional<Tensor> of(NodeId id) const;
    std::optional<Tensor> of_gradient(NodeId id) const;
};

// `nodes` are nodes of the chain's graph; cotangents' symbols stand for the gradients of their
// names.
ChainNumbers chain_numbers(const Network& network, const Chain& chain,
                           std::span<const NodeId> nodes, Bindings given);

}  // namespace chainrule
