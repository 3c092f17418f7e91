#include "train/unscaled_inputs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <set>

#include "ops/op_list.h"
#include "render/number_text.h"
#include "train/column_names.h"
#include "train/feed.h"

namespace chainrule {
namespace {

constexpr double greatest_usual = 16;
constexpr double far_elements = 100;

// What a product takes of the inputs.
struct Feature {
    NodeId node;
    std::set<std::size_t> inputs;  // that it is made of
    bool is_view = false;          // of one input, in its order or another
    std::string weight;            // by which it is multiplied
};

class FeatureFinder {
public:
    explicit FeatureFinder(const Network& network) : network_(network), graph_(network.graph) {
        for (const Weight& weight : network.weights) {
            weights_of_[weight.node] = {weight.node};
        }
        for (std::size_t i = 0; i < network.inputs.size(); ++i) {
            inputs_of_[network.inputs[i]] = {i};
        }
    }

    std::vector<Feature> run() {
        for (const NodeId id : reachable(graph_, std::vector<NodeId>{network_.loss})) {
            for (const NodeId operand : graph_[id].operands) {
                weights_of_[id].insert(weights_of_[operand].begin(), weights_of_[operand].end());
                inputs_of_[id].insert(inputs_of_[operand].begin(), inputs_of_[operand].end());
            }
            const Op* const op = graph_[id].op;
            if (op == &matmul_op || op == &batch_matmul_op || op == &dot_op) {
                look_at(graph_[id].operands[0], graph_[id].operands[1]);
                look_at(graph_[id].operands[1], graph_[id].operands[0]);
            }
        }
        return std::move(found_);
    }

private:
    void look_at(NodeId taken, NodeId other) {
        const bool is_new = std::ranges::find(found_, taken, &Feature::node) == found_.end();
        if (is_new && weights_of_[taken].empty() && !inputs_of_[taken].empty() &&
            !weights_of_[other].empty()) {
            found_.push_back({taken, inputs_of_[taken], is_view(taken),
                              graph_.name(*weights_of_[other].begin())});
        }
    }

    bool is_view(NodeId id) const {
        while (graph_[id].op->is_view()) {
            id = graph_[id].operands[0];
        }
        return graph_.is_op(id, leaf_op);
    }

    const Network& network_;
    const Graph& graph_;
    std::map<NodeId, std::set<NodeId>> weights_of_;
    std::map<NodeId, std::set<std::size_t>> inputs_of_;
    std::vector<Feature> found_;
};

struct ElementSize {
    double root_mean_square = 0;
    double greatest = 0;
};

// Of each feature its elements, over all rows.
std::vector<std::vector<ElementSize>> sizes_of(const Network& network,
                                               const std::vector<Feature>& features,
                                               const Dataset& data) {
    constexpr std::size_t at_once = 16;
    std::vector<NodeId> roots;
    std::vector<std::vector<ElementSize>> sizes;
    for (const Feature& feature : features) {
        roots.push_back(feature.node);
        sizes.emplace_back(
            static_cast<std::size_t>(element_count(network.graph.type(feature.node).shape)));
    }
    BatchEvaluator evaluator(network.graph, roots);
    feed_constants(evaluator, network);
    std::vector<std::size_t> rows;
    for (std::size_t first = 0; first < data.rows; first += at_once) {
        rows.resize(std::min(at_once, data.rows - first));
        std::iota(rows.begin(), rows.end(), first);
        feed_rows(evaluator, network, data, rows);
        evaluator.run();
        for (std::size_t i = 0; i < roots.size(); ++i) {
            for (const Tensor& value : evaluator[roots[i]]) {
                for (std::size_t k = 0; k < value.size(); ++k) {
                    ElementSize& size = sizes[i][k];
                    size.root_mean_square += value.data[k] * value.data[k];
                    size.greatest = std::max(size.greatest, std::abs(value.data[k]));
                }
            }
        }
    }
    for (std::vector<ElementSize>& elements : sizes) {
        for (ElementSize& size : elements) {
            size.root_mean_square =
                std::sqrt(size.root_mean_square / static_cast<double>(data.rows));
        }
    }
    return sizes;
}

// A name for the scaled input that the network does not use.
std::string free_name(const Network& network) {
    std::string name = "u";
    while (network.graph.find(name)) {
        name += "_";
    }
    return name;
}

// The name of a feature's element: its column's, or `x[3]`.
std::string element_name(const Network& network, const Dataset& rows, const Feature& feature,
                         std::size_t element) {
    const std::size_t input = *feature.inputs.begin();
    const Shape& shape = network.graph.type(feature.node).shape;
    if (feature.inputs.size() > 1 || shape != network.graph.type(network.inputs[input]).shape) {
        return fmt::format("its number {}", element);
    }
    return input_element_name(network, rows, input, element);
}

std::string bytes_message(const Network& network, const std::string& input) {
    return fmt::format(
        "the input {0} holds bytes, whole numbers from 0 to 255, which are not scaled and make "
        "training slow or unstable: write `{1} = {0} / 255` below its declaration, and {1} where "
        "{0} is used",
        input, free_name(network));
}

std::optional<std::string> complaint(const Network& network, const Dataset& rows,
                                     const Feature& feature,
                                     const std::vector<ElementSize>& sizes) {
    const std::size_t input = *feature.inputs.begin();
    const std::string& name = network.graph.name(network.inputs[input]);
    const auto large = std::ranges::max_element(sizes, {}, &ElementSize::root_mean_square);
    if (feature.is_view && rows.inputs[input].format() == NumberFormat::u8) {
        const double greatest =
            std::ranges::max_element(sizes, {}, &ElementSize::greatest)->greatest;
        return greatest > greatest_usual ? std::optional(bytes_message(network, name))
                                         : std::nullopt;
    }
    const auto or_infinite = [](const ElementSize& size) {
        return size.greatest > 0 ? size.greatest : std::numeric_limits<double>::infinity();
    };
    const auto small = std::ranges::min_element(sizes, {}, or_infinite);
    const double size = large->root_mean_square;
    const bool beside_element = size >= far_elements * or_infinite(*small);
    // What is infinite is told when training stops.
    if (!std::isfinite(size) || !(size > greatest_usual) ||
        (!beside_element && size < far_elements)) {
        return std::nullopt;
    }
    const auto element = [&](const auto& at) {
        return element_name(network, rows, feature, static_cast<std::size_t>(at - sizes.begin()));
    };
    const std::string other = beside_element ? fmt::format("{} of at most {}", element(small),
                                                           short_number(small->greatest, 3))
                                             : "the 1 of a bias";
    return fmt::format(
        "the input {} is not scaled{}: {} is about {} beside {}, which makes training slow or "
        "unstable; standardise its columns (tables are, unless --scale none), or divide in the "
        "network",
        name, feature.is_view ? "" : " as " + feature.weight + " takes it", element(large),
        short_number(size, 3), other);
}

}  // namespace

std::vector<Diagnostic> warn_of_unscaled_inputs(const Network& network, const Dataset& rows) {
    const std::vector<Feature> features = FeatureFinder(network).run();
    std::vector<Diagnostic> warnings;
    if (rows.rows == 0 || features.empty()) {
        return warnings;
    }
    const std::vector<std::vector<ElementSize>> sizes = sizes_of(network, features, rows);
    std::set<std::size_t> told;
    for (std::size_t i = 0; i < features.size(); ++i) {
        const std::size_t input = *features[i].inputs.begin();
        const std::optional<std::string> message =
            told.contains(input) ? std::nullopt : complaint(network, rows, features[i], sizes[i]);
        if (message) {
            told.insert(input);
            warnings.push_back(
                {Severity::warning, *message, network.graph.origin(network.inputs[input]), {}});
        }
    }
    return warnings;
}

}  // namespace chainrule
