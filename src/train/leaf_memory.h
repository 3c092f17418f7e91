// Memory that compiled code reads and updates: the weights, the optimiser's states and the
// constants of a network in the reals that it computes with, and the data set's blocks as they are.
//
//     LeafMemory memory(network, DType::f32);
//     memory.bind([&](const std::string& leaf, void* at) { compiled.bind(leaf, at); });
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "compile/options.h"
#include "data/dataset.h"
#include "elaborate/network.h"
#include "train/step_graph.h"

namespace chainrule {

class LeafMemory {
public:
    // `step` has the states, if there are any.
    LeafMemory(const Network& network, DType dtype, const StepGraph* step = nullptr);

    void set_weights(std::span<const Tensor> weights) { fill(weights_, weights); }
    void read_weights(std::vector<Tensor>& weights) const { read(weights_, weights); }
    void set_states(std::span<const Tensor> states) { fill(states_, states); }
    void read_states(std::vector<Tensor>& states) const { read(states_, states); }
    // Of the weights and states.
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
    struct NamedBlock {
        std::string leaf;
        Shape shape;
        Block block;
    };
    NamedBlock block_of(const std::string& leaf, const Tensor& tensor) const;
    static void fill(std::vector<NamedBlock>& blocks, std::span<const Tensor> tensors);
    static void read(const std::vector<NamedBlock>& blocks, std::vector<Tensor>& tensors);
    static bool are_finite(const std::vector<NamedBlock>& blocks);

    DType dtype_;
    std::vector<NamedBlock> weights_;
    std::vector<NamedBlock> states_;
    std::vector<NamedBlock> constants_;
};

// The numbers of rows as compiled code takes them, in place.
inline std::span<const std::int64_t> as_compiled_rows(std::span<const std::size_t> rows) {
    static_assert(std::is_same_v<std::make_signed_t<std::size_t>, std::int64_t>,
                  "an object may be read as its type with a sign, and as no other");
    return {reinterpret_cast<const std::int64_t*>(rows.data()), rows.size()};
}

ScalarKind real_of(DType dtype);

// The formats of the data's blocks, by the leaves that they feed.
std::map<std::string, ElementFormat> formats_of(const Network& network, const Dataset& data);

using BindRows = std::function<void(const std::string& leaf, const void* memory)>;
void bind_data(const Network& network, const Dataset& data, const BindRows& bind);

}  // namespace chainrule
