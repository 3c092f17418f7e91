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

LeafMemory::LeafMemory(const Network& network, DType dtype) : network_(network), dtype_(dtype) {
    for (const Weight& weight : network.weights) {
        weights_.push_back(block_of(Tensor::filled(network.graph.type(weight.node).shape, 0)));
    }
    for (const auto& [constant, value] : network.constant_values) {
        constants_.emplace_back(constant, block_of(value));
    }
}

LeafMemory::Block LeafMemory::block_of(const Tensor& tensor) const {
    Block block;
    if (dtype_ == DType::f32) {
        block.single.assign(tensor.data.begin(), tensor.data.end());
    } else {
        block.full = tensor.data;
    }
    return block;
}

void LeafMemory::set_weights(std::span<const Tensor> weights) {
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const std::vector<double>& numbers = weights[i].data;
        if (dtype_ == DType::f32) {
            std::ranges::transform(numbers, weights_[i].single.begin(),
                                   [](double x) { return static_cast<float>(x); });
        } else {
            std::ranges::copy(numbers, weights_[i].full.begin());
        }
    }
}

std::vector<Tensor> LeafMemory::weights() const {
    std::vector<Tensor> result;
    for (std::size_t i = 0; i < weights_.size(); ++i) {
        const Block& block = weights_[i];
        Tensor tensor = Tensor::filled(network_.graph.type(network_.weights[i].node).shape, 0);
        if (dtype_ == DType::f32) {
            std::ranges::copy(block.single, tensor.data.begin());
        } else {
            tensor.data = block.full;
        }
        result.push_back(std::move(tensor));
    }
    return result;
}

bool LeafMemory::is_finite() const {
    const auto finite = [](auto x) { return std::isfinite(x); };
    return std::ranges::all_of(weights_, [&](const Block& block) {
        return std::ranges::all_of(block.single, finite) && std::ranges::all_of(block.full, finite);
    });
}

void LeafMemory::bind(const Bind& bind) {
    for (std::size_t i = 0; i < weights_.size(); ++i) {
        bind(network_.graph.name(network_.weights[i].node), weights_[i].data());
    }
    for (auto& [constant, block] : constants_) {
        bind(network_.graph.name(constant), block.data());
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
    return formats;
}

void bind_data(const Network& network, const Dataset& data, const BindRows& bind) {
    for (std::size_t i = 0; i < network.inputs.size(); ++i) {
        bind(network.graph.name(network.inputs[i]), data.inputs[i].bytes().data());
    }
    for (const NodeId target : network.targets) {
        bind(network.graph.name(target), data.targets.data());
    }
}

}  // namespace chainrule
