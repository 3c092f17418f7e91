// Memory that compiled code reads and updates: the weights and constants of a network in the reals that
// it computes with, and the data set's blocks as they are.
//
//     LeafMemory memory(network, DType::f32);
//     memory.bind_to(compiled);
//     bind_data(compiled, network, data);
#pragma once

#include <span>
#include <vector>

#include "backend/compiled_graph.h"
#include "compile/options.h"
#include "data/dataset.h"
#include "elaborate/network.h"

namespace chainrule {

class LeafMemory {
public:
    LeafMemory(const Network& network, DType dtype);

    void set_weights(std::span<const Tensor> weights);
    std::vector<Tensor> weights() const;
    bool is_finite() const;

    void bind_to(CompiledGraph& compiled);

private:
    // In the format of dtype; the other one stays empty.
    struct Block {
        std::vector<float> single;
        std::vector<double> full;
        void* data() { return single.empty() ? static_cast<void*>(full.data()) : single.data(); }
    };
    Block block_of(const Tensor& tensor) const;

    const Network& network_;
    DType dtype_;
    std::vector<Block> weights_;
    std::vector<std::pair<NodeId, Block>> constants_;
};

ScalarKind real_of(DType dtype);

// The formats of the data's blocks, by the leaves that they feed.
std::map<std::string, ElementFormat> formats_of(const Network& network, const Dataset& data);

void bind_data(CompiledGraph& compiled, const Network& network, const Dataset& data);

}  // namespace chainrule
