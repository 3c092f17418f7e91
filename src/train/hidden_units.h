// The hidden units of a network: values of an activation (relu, sigmoid, tanh, ...) that lie
// between weights: some lead to them, and others take them further to the loss.
//
//     for (const HiddenUnits& units : hidden_units(network)) units.name;  // h, of h = relu(W @ x)
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "elaborate/network.h"

namespace chainrule {

// b of W @ x + b: a summand that weights alone make.
struct Bias {
    NodeId node;
    NodeId weight;  // the greatest in it
};

struct HiddenUnits {
    NodeId node;
    const Op* activation = nullptr;
    std::string name;       // its own, or `relu behind W`
    std::size_t count = 0;  // elements for one example
    NodeId weight;  // the greatest of those that lead to it without other hidden units in between
    NodeId before;  // what the activation takes
    std::optional<Bias> bias = std::nullopt;  // in `before`
    // Sigmoids that other values are multiplied by, themselves or taken from 1: g of g * h + (1 -
    // g) * x.
    bool is_gate = false;
};

// In the order of the graph, of those that each example has for itself.
std::vector<HiddenUnits> hidden_units(const Network& network);

}  // namespace chainrule
