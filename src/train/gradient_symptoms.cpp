#include "train/gradient_symptoms.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "ops/op_list.h"
#include "train/unit_symptoms.h"

namespace chainrule {
namespace {

constexpr double far_apart = 1e4;

struct LayerGradient {
    NodeId weight;
    std::size_t place = 0;  // in the graph
    double size = 0;        // root mean square
};

// Not one that is 0 by its formula, as behind stop_gradient.
bool has_gradient(const Objective& objective, NodeId gradient) {
    const std::vector<NodeId> needed = reachable(objective.graph, std::vector<NodeId>{gradient});
    return std::ranges::any_of(needed,
                               [&](NodeId id) { return objective.graph.is_op(id, leaf_op); });
}

// The first node that makes a layer of a weight: one that takes a matrix, or has a product with a
// vector.
std::optional<std::size_t> place_of_layer(const Graph& graph, std::span<const NodeId> nodes,
                                          NodeId weight) {
    const bool is_matrix = graph.type(weight).shape.size() > 1;
    const auto found = std::ranges::find_if(nodes, [&](NodeId id) {
        const bool is_product = graph.is_op(id, matmul_op) || graph.is_op(id, dot_op);
        return (is_matrix || is_product) && std::ranges::count(graph[id].operands, weight) > 0;
    });
    return found == nodes.end() ? std::nullopt : std::optional<std::size_t>(found->index);
}

// From the inputs to the loss.
std::vector<LayerGradient> layer_gradients(const TrainingView& view) {
    const std::vector<NodeId> nodes =
        reachable(view.network.graph, std::vector<NodeId>{view.network.loss});
    std::vector<LayerGradient> layers;
    for (std::size_t i = 0; i < view.network.weights.size(); ++i) {
        const NodeId weight = view.network.weights[i].node;
        const auto place = place_of_layer(view.network.graph, nodes, weight);
        if (place && has_gradient(view.objective, view.objective.gradients[i])) {
            const Tensor& gradient = view.sample->gradients[i];
            const double size = length_of({&gradient, 1});
            layers.push_back(
                {weight, *place, size / std::sqrt(static_cast<double>(gradient.size()))});
        }
    }
    std::ranges::stable_sort(layers, {}, &LayerGradient::place);
    return layers;
}

// From the first layer to the last, where there are three at least.
struct Road {
    std::vector<LayerGradient> layers;

    double ratio() const { return layers.front().size / layers.back().size; }
    Span span(const TrainingView& view) const {
        return view.network.graph.origin(layers.front().weight);
    }
    // `that of W0 is 1e-5 times that of V (root mean squares)`
    std::string text(const TrainingView& view) const {
        return fmt::format("that of {} is {} times that of {} (root mean squares)",
                           view.network.graph.name(layers.front().weight), number_text(ratio()),
                           view.network.graph.name(layers.back().weight));
    }
    // All but the last, which no activation follows.
    bool begins_as(const TrainingView& view, bool (*is_drawn)(const Network&, NodeId)) const {
        return std::all_of(layers.begin(), layers.end() - 1, [&](const LayerGradient& layer) {
            return is_drawn(view.network, layer.weight);
        });
    }
};

std::optional<Road> road_of(const TrainingView& view) {
    Road road{layer_gradients(view)};
    constexpr std::size_t least_layers = 3;
    const bool are_finite = std::ranges::all_of(
        road.layers, [](const LayerGradient& layer) { return std::isfinite(layer.size); });
    if (road.layers.size() < least_layers || !are_finite || !(road.layers.back().size > 0)) {
        return std::nullopt;
    }
    return road;
}

std::vector<Finding> vanished_on_the_road(const TrainingView& view) {
    const std::optional<Road> road = road_of(view);
    if (!road || road->ratio() >= 1 / far_apart) {
        return {};
    }
    std::vector<std::string> ways;
    if (std::ranges::any_of(view.units, can_saturate)) {
        ways.emplace_back("relu with `~ he_normal`");
    } else if (!road->begins_as(view, begins_as_he)) {
        ways.emplace_back("larger initial values (`~ he_normal`)");
    }
    ways.insert(ways.end(), {"fewer layers", "paths around them (x + f(x))"});
    return {{fmt::format("the gradient vanishes on its way to the inputs: {}, so that {} hardly "
                         "learns{}",
                         road->text(view), view.network.graph.name(road->layers.front().weight),
                         what_helps(ways)),
             road->span(view)}};
}

// Of the loss, by a step along the gradient as long as all weights, as 1, or as one that is taken.
double greatest_effect(const TrainingView& view) {
    const double gradient = length_of(view.sample->gradients);
    const double taken = view.options.has_rate() ? view.options.rate * gradient : 0;
    return gradient * std::max({length_of(view.weights), 1.0, taken}) / std::abs(view.sample->loss);
}

std::vector<Finding> vanished_at_once(const TrainingView& view) {
    const double effect = greatest_effect(view);
    if (!std::isfinite(view.sample->loss) || !(effect < std::numeric_limits<float>::epsilon())) {
        return {};
    }
    const std::string change =
        effect > 0 ? fmt::format("would change the loss by {} of itself", number_text(effect))
                   : "would not change the loss";
    return {
        {fmt::format("the gradient of all weights is as good as 0 at the beginning: a step as "
                     "long as the weights {}, so that nothing learns, as what the loss sees is "
                     "saturated, dead, or at its best{}",
                     change, what_helps({"smaller initial values", "biases that begin with 0"})),
         view.network.graph.origin(view.network.loss)}};
}

std::vector<std::string> with_clipping(const TrainingView& view, std::vector<std::string> ways) {
    if (!view.options.clipping.norm) {
        ways.emplace_back("--clip-norm 1");
    }
    return ways;
}

}  // namespace

std::vector<Finding> vanishing_gradients(const TrainingView& view) {
    if (view.sample == nullptr) {
        return {};
    }
    return view.epoch == 0 ? vanished_at_once(view) : vanished_on_the_road(view);
}

std::vector<Finding> exploding_on_the_road(const TrainingView& view) {
    if (view.sample == nullptr || view.epoch == 0) {
        return {};
    }
    const std::optional<Road> road = road_of(view);
    if (!road || !(road->ratio() > far_apart)) {
        return {};
    }
    const std::vector<std::string> ways =
        road->begins_as(view, begins_as_xavier)
            ? std::vector<std::string>()
            : std::vector<std::string>{"smaller initial values (`~ xavier_normal`)"};
    return {{fmt::format("the gradient explodes on its way to the inputs: {}{}", road->text(view),
                         what_helps(with_clipping(view, ways))),
             road->span(view)}};
}

// It has grown to a multiple of its first length, and the loss is above its first value.
std::vector<Finding> exploding_by_steps(const TrainingView& view) {
    if (view.sample == nullptr || view.epoch == 0 || !(view.state.first_gradient > 0)) {
        return {};
    }
    const double times = length_of(view.sample->gradients) / view.state.first_gradient;
    if (!(times > far_apart) || !(view.sample->loss > view.state.first_loss)) {
        return {};
    }
    const std::vector<std::string> ways =
        view.options.has_rate()
            ? std::vector{"a smaller rate than " + format_number(view.epochs.back().rate)}
            : std::vector<std::string>();
    return {{fmt::format("the gradient explodes: it is {} times as long as at the beginning{}",
                         number_text(times), what_helps(with_clipping(view, ways))),
             view.network.graph.origin(view.network.loss)}};
}

}  // namespace chainrule
