// The picture of a network: its named nodes with their formulas, forward values in blue and
// gradients in red beside them, what a layer owns in a frame.
//
//     layout_picture(draw_dot(network, {values, gradients}), PictureFormat::svg)
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>

#include "elaborate/network.h"

namespace chainrule {

// Numbers to show, as far as there are any. Gradients are of the objective, in the node's shape.
struct PictureNumbers {
    std::unordered_map<NodeId, Tensor> values;
    std::unordered_map<NodeId, Tensor> gradients;
};

// The network as a text in Graphviz's language, left to right. An edge is a direct dependence: it
// may stand for several operations between two named nodes.
std::string draw_dot(const Network& network, const PictureNumbers& numbers = {});

enum class PictureFormat : std::uint8_t { svg, png };

// The picture's bytes, laid out by Graphviz. Throws UnsupportedError where it cannot draw: its
// plugins for layout and for PNG are found only when they are asked for.
std::string layout_picture(const std::string& dot, PictureFormat format);

// The SVG for a page; empty of a network too large to be looked at, or where Graphviz cannot draw.
std::string page_picture(const Network& network, const std::function<PictureNumbers()>& numbers);

}  // namespace chainrule
