// Memory that compiled code reads and updates: the weights and constants of a network in the reals that
// it computes with, and the data set's blocks as they are.
//
//     LeafMemory memory(network, DType::f32);
//     memory.bind([&](const std::string& leaf, void* at) { compiled.bind(leaf, at); });
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

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

    // Tells the name and the place of each.
    using Bind = std::function<void(const std::string& leaf, void* memory)>;
    void bind(const Bind& bind);

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

using BindRows = std::function<void(const std::string& leaf, const void* memory)>;
void bind_data(const Network& network, const Dataset& data, const BindRows& bind);

}  // namespace chainrule
