#include "train/leaf_memory.h"

#include <algorithm>
#include <cmath>

namespace chainrule {
namespace {

ElementFormat format_of(const Numbers& numbers) {
    switch (numbers.format()) {
    case NumberFormat::u8:
        return ElementFormat::u8;
    case NumberFormat::f32:
        return ElementFormat::f32;
    case NumberFormat::f64:
        break;
    }
    return ElementFormat::f64;
}

}  // namespace

LeafMemory::LeafMemory(const Network& network, DType dtype, const StepGraph* step) : dtype_(dtype) {
    const auto zeros = [&](const Graph& graph, NodeId leaf) {
        return block_of(graph.name(leaf), Tensor::filled(graph.type(leaf).shape, 0));
    };
    for (const Weight& weight : network.weights) {
        weights_.push_back(zeros(network.graph, weight.node));
    }
    if (step != nullptr) {
        for (const OptimizerState& state : step->states) {
            states_.push_back(zeros(step->graph, state.leaf));
        }
    }
    for (const auto& [constant, value] : network.constant_values) {
        constants_.push_back(block_of(network.graph.name(constant), value));
    }
}

LeafMemory::NamedBlock LeafMemory::block_of(const std::string& leaf, const Tensor& tensor) const {
    NamedBlock named{leaf, tensor.shape, {}};
    if (dtype_ == DType::f32) {
        named.block.single.assign(tensor.data.begin(), tensor.data.end());
    } else {
        named.block.full = tensor.data;
    }
    return named;
}

void LeafMemory::fill(std::vector<NamedBlock>& blocks, std::span<const Tensor> tensors) {
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        Block& block = blocks[i].block;
        const std::vector<double>& numbers = tensors[i].data;
        if (block.full.empty()) {
            std::ranges::transform(numbers, block.single.begin(),
                                   [](double x) { return static_cast<float>(x); });
        } else {
            std::ranges::copy(numbers, block.full.begin());
        }
    }
}

void LeafMemory::read(const std::vector<NamedBlock>& blocks, std::vector<Tensor>& tensors) {
    tensors.resize(blocks.size());
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const auto& [leaf, shape, block] = blocks[i];
        tensors[i].shape = shape;
        if (block.full.empty()) {
            tensors[i].data.assign(block.single.begin(), block.single.end());
        } else {
            tensors[i].data = block.full;
        }
    }
}

bool LeafMemory::are_finite(const std::vector<NamedBlock>& blocks) {
    const auto finite = [](auto x) { return std::isfinite(x); };
    return std::ranges::all_of(blocks, [&](const NamedBlock& named) {
        return std::ranges::all_of(named.block.single, finite) &&
               std::ranges::all_of(named.block.full, finite);
    });
}

bool LeafMemory::is_finite() const { return are_finite(weights_) && are_finite(states_); }

void LeafMemory::bind(const Bind& bind) {
    for (std::vector<NamedBlock>* blocks : {&weights_, &states_, &constants_}) {
        for (NamedBlock& named : *blocks) {
            bind(named.leaf, named.block.data());
        }
    }
}

ScalarKind real_of(DType dtype) { return dtype == DType::f32 ? ScalarKind::f32 : ScalarKind::f64; }

std::map<std::string, ElementFormat> formats_of(const Network& network, const Dataset& data) {
    std::map<std::string, ElementFormat> formats;
    for (std::size_t i = 0; i < network.inputs.size(); ++i) {
        formats.emplace(network.graph.name(network.inputs[i]), format_of(data.inputs[i]));
    }
    for (const NodeId target : network.targets) {
        formats.emplace(network.graph.name(target), ElementFormat::f64);
    }
    formats.emplace(example_weight_leaf, ElementFormat::f64);
    return formats;
}

void bind_data(const Network& network, const Dataset& data, const BindRows& bind) {
    for (std::size_t i = 0; i < network.inputs.size(); ++i) {
        bind(network.graph.name(network.inputs[i]), data.inputs[i].bytes().data());
    }
    for (const NodeId target : network.targets) {
        bind(network.graph.name(target), data.targets.data());
    }
    bind(example_weight_leaf, data.weights.data());
}

}  // namespace chainrule
