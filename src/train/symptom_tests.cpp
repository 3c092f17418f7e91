#include "train/symptom_tests.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "ops/op_list.h"
#include "render/number_text.h"
#include "train/rate_symptom.h"
#include "train/unscaled_inputs.h"

namespace chainrule {
namespace {

std::string text(double number) { return short_number(number, 3); }

// Of training that stands still: nine tenths of what it began with.
bool hardly_learns(const TrainingView& view) {
    return view.sample != nullptr && view.sample->loss >= 0.9 * view.state.first_loss;
}

// --- all hidden units the same ---------------------------------------------------------------

// Their values for every row, up to rounding.
bool are_the_same(std::span<const double> numbers, std::size_t units) {
    for (std::size_t first = 0; first < numbers.size(); first += units) {
        const auto row = numbers.subspan(first, units);
        const auto [least, greatest] = std::ranges::minmax(row);
        if (greatest - least > 1e-5 * std::max(std::abs(least), std::abs(greatest))) {
            return false;
        }
    }
    return true;
}

// Equal numbers, or equal rows, or equal columns.
bool is_repetitive(const Tensor& tensor) {
    const std::size_t columns =
        tensor.shape.empty() ? 1 : static_cast<std::size_t>(tensor.shape.back());
    bool rows = tensor.size() > columns;
    bool across = columns > 1;
    for (std::size_t i = 0; i < tensor.size(); ++i) {
        rows = rows && tensor.data[i] == tensor.data[i % columns];
        across = across && tensor.data[i] == tensor.data[i - i % columns];
    }
    return rows || across;
}

// The weights after a few steps down the gradient of the sample, each a hundredth of a weight's length or of 1: what
// the units of a weight of 0 between others need to part.
std::vector<Tensor> some_steps_on(const TrainingView& view) {
    constexpr int steps = 4;
    std::vector<Tensor> weights(view.weights.begin(), view.weights.end());
    SampleValues values = *view.sample;
    for (int step = 0; step < steps; ++step) {
        double greatest = 0;
        for (const Tensor& gradient : values.gradients) {
            for (const double number : gradient.data) {
                greatest = std::max(greatest, std::abs(number));
            }
        }
        if (!(greatest > 0) || !std::isfinite(greatest)) {
            break;
        }
        for (std::size_t i = 0; i < weights.size(); ++i) {
            for (std::size_t k = 0; k < weights[i].size(); ++k) {
                weights[i].data[k] -= 0.01 / greatest * values.gradients[i].data[k];
            }
        }
        values = view.sample_at(weights);
    }
    return weights;
}

std::size_t place_of(const Network& network, NodeId weight) {
    const auto found = std::ranges::find(network.weights, weight, &Weight::node);
    return static_cast<std::size_t>(found - network.weights.begin());
}

bool is_of_relus(const Op* op) { return op != &sigmoid_op && op != &tanh_op; }

// Units that begin alike and are still alike after some steps: the symmetry is never broken (Goodfellow, Bengio and
// Courville, "Deep Learning", 2016, section 8.4).
std::vector<Finding> identical_units(const TrainingView& view) {
    if (view.epoch > 0) {
        return {};
    }
    std::vector<std::size_t> alike;
    for (std::size_t i = 0; i < view.units.size(); ++i) {
        const HiddenUnits& units = view.units[i];
        if (units.count > 1 && is_repetitive(view.weights[place_of(view.network, units.weight)]) &&
            are_the_same(view.sample->watched[i], units.count)) {
            alike.push_back(i);
        }
    }
    if (alike.empty()) {
        return {};
    }
    const SampleValues later = view.sample_at(some_steps_on(view));
    for (const std::size_t i : alike) {
        const HiddenUnits& units = view.units[i];
        if (are_the_same(later.watched[i], units.count)) {
            return {
                {fmt::format("all {} units of {} are the same and will stay the same, because {} "
                             "begins with equal numbers: let it begin with `~ {}`",
                             units.count, units.name, view.network.graph.name(units.weight),
                             is_of_relus(units.activation) ? "he_normal" : "xavier_normal"),
                 view.network.graph.origin(units.weight)}};
        }
    }
    return {};
}

// --- unscaled inputs -------------------------------------------------------------------------

std::vector<Finding> unscaled_inputs(const TrainingView& view) {
    std::vector<Finding> found;
    if (view.epoch > 0 || find_optimizer(view.options.optimizer.name())->full_batch != nullptr) {
        return found;
    }
    for (Diagnostic& warning : warn_of_unscaled_inputs(view.network, view.window, view.rows)) {
        found.push_back({std::move(warning.message), warning.span});
    }
    return found;
}

// --- units that do not learn -----------------------------------------------------------------

// How many of the units are `bad` on all but so many of the rows.
std::size_t count_units(std::span<const double> numbers, std::size_t units, double share,
                        bool (*bad)(double number, const Op* op), const Op* op) {
    const std::size_t rows = numbers.size() / units;
    std::size_t count = 0;
    for (std::size_t unit = 0; unit < units; ++unit) {
        std::size_t rows_bad = 0;
        for (std::size_t row = 0; row < rows; ++row) {
            rows_bad += bad(numbers[row * units + unit], op) ? 1 : 0;
        }
        count += static_cast<double>(rows_bad) >= share * static_cast<double>(rows) ? 1 : 0;
    }
    return count;
}

// Two thirds of a value's units: some die in healthy networks too (Lu, Shin, Su and Karniadakis, "Dying ReLU and
// initialization", 2019, speak of a network as born dead only when all are).
std::vector<Finding> dead_units(const TrainingView& view) {
    std::vector<Finding> found;
    for (std::size_t i = 0; view.sample != nullptr && i < view.units.size(); ++i) {
        const HiddenUnits& units = view.units[i];
        if ((units.activation != &relu_op && units.activation != &relu6_op) ||
            view.has_told("identical_units")) {
            continue;
        }
        const std::size_t dead = count_units(
            view.sample->watched[i], units.count, 1,
            [](double number, const Op*) { return number == 0; }, units.activation);
        if (3 * dead >= 2 * units.count) {
            found.push_back(
                {fmt::format(
                     "{} of {} units of {} are dead: their {} is 0 on all {} sampled rows, so "
                     "that no gradient passes; a smaller rate than {}, `~ he_normal` for {}, "
                     "or leaky_relu keeps them alive",
                     dead, units.count, units.name, units.activation->name, view.sample->rows,
                     format_number(view.options.rate), view.network.graph.name(units.weight)),
                 view.network.graph.origin(units.node)});
        }
    }
    return found;
}

// A twentieth of the greatest derivative, sigmoid's 1/4 and tanh's 1 (Glorot and Bengio, "Understanding the difficulty of
// training deep feedforward neural networks", 2010, section 3, watch activations drift to such values).
bool is_saturated(double y, const Op* op) {
    return op == &tanh_op ? 1 - y * y < 0.05 : 4 * y * (1 - y) < 0.05;
}

// Half of the units on 19 of 20 rows, at the beginning, or later where training stands still: a network that has learnt
// may well be sure of itself.
std::vector<Finding> saturated_units(const TrainingView& view) {
    std::vector<Finding> found;
    for (std::size_t i = 0; view.sample != nullptr && i < view.units.size(); ++i) {
        const HiddenUnits& units = view.units[i];
        if ((units.activation != &sigmoid_op && units.activation != &tanh_op) ||
            !hardly_learns(view)) {
            continue;
        }
        const std::size_t saturated =
            count_units(view.sample->watched[i], units.count, 0.95, is_saturated, units.activation);
        if (2 * saturated >= units.count) {
            found.push_back(
                {fmt::format(
                     "{} of {} units of {} are saturated: on nearly all of {} sampled rows the "
                     "derivative of {} is below a twentieth of its greatest, so that hardly any "
                     "gradient passes; scaled inputs and a smaller {} (`~ xavier_normal`) help",
                     saturated, units.count, units.name, view.sample->rows, units.activation->name,
                     view.network.graph.name(units.weight)),
                 view.network.graph.origin(units.node)});
        }
    }
    return found;
}

// --- gradients along the road ----------------------------------------------------------------

struct LayerGradient {
    std::size_t weight = 0;
    std::size_t place = 0;  // of the first node that takes it
    double size = 0;        // root mean square
};

// Of the matrices, from the inputs to the loss.
std::vector<LayerGradient> layer_gradients(const TrainingView& view) {
    const Graph& graph = view.network.graph;
    std::vector<LayerGradient> layers;
    for (std::size_t i = 0; i < view.network.weights.size(); ++i) {
        const NodeId weight = view.network.weights[i].node;
        if (graph.type(weight).shape.size() < 2) {
            continue;
        }
        double squares = 0;
        for (const double number : view.sample->gradients[i].data) {
            squares += number * number;
        }
        const double size =
            std::sqrt(squares / static_cast<double>(view.sample->gradients[i].size()));
        layers.push_back({i, 0, size});
    }
    for (const NodeId id : reachable(graph, std::vector<NodeId>{view.network.loss})) {
        for (const NodeId operand : graph[id].operands) {
            for (LayerGradient& layer : layers) {
                const bool is_it = view.network.weights[layer.weight].node == operand;
                layer.place = is_it && layer.place == 0 ? id.index : layer.place;
            }
        }
    }
    std::ranges::stable_sort(layers, {}, &LayerGradient::place);
    return layers;
}

// The first layer's gradient as a part of the last one's, where there are three layers at least and all have one.
struct Road {
    double ratio = 0;
    std::string first;
    std::string last;
    Span span;
};
std::optional<Road> road_of(const TrainingView& view) {
    if (view.sample == nullptr || view.epoch == 0) {
        return std::nullopt;
    }
    const std::vector<LayerGradient> layers = layer_gradients(view);
    constexpr std::size_t least_layers = 3;
    const bool all = std::ranges::all_of(layers, [](const LayerGradient& layer) {
        return layer.size > 0 && std::isfinite(layer.size);
    });
    if (layers.size() < least_layers || !all) {
        return std::nullopt;
    }
    const auto node = [&](const LayerGradient& layer) {
        return view.network.weights[layer.weight].node;
    };
    return Road{layers.front().size / layers.back().size,
                view.network.graph.name(node(layers.front())),
                view.network.graph.name(node(layers.back())),
                view.network.graph.origin(node(layers.front()))};
}

// In healthy networks the ratio is between a hundredth and a hundred (Glorot and Bengio, 2010, figures 6 and 7: within one
// order of magnitude over five layers); the sigmoid's greatest derivative, 1/4, makes it 1/10000 in seven further
// layers.
constexpr double far_apart = 1e4;

std::vector<Finding> vanishing_gradients(const TrainingView& view) {
    const std::optional<Road> road = road_of(view);
    if (!road || road->ratio >= 1 / far_apart) {
        return {};
    }
    return {{fmt::format(
                 "the gradient vanishes on its way to the inputs: that of {} is {} times that of "
                 "{} (root mean squares), so that {} hardly learns; relu with `~ he_normal`, "
                 "fewer layers, or paths around them (x + f(x)) let it through",
                 road->first, text(road->ratio), road->last, road->first),
             road->span}};
}

// The gradient has grown to a multiple of its first length, and the loss is above its first value.
std::vector<Finding> grown_gradient(const TrainingView& view) {
    if (view.sample == nullptr || view.epoch == 0) {
        return {};
    }
    const double times = length_of(view.sample->gradients) / view.state.first_gradient;
    if (!(view.state.first_gradient > 0) || !(times > far_apart) ||
        !(view.sample->loss > view.state.first_loss)) {
        return {};
    }
    return {
        {fmt::format("the gradient explodes: it is {} times as long as at the beginning; a smaller "
                     "rate than {}, or --clip-norm 1, holds it",
                     text(times), format_number(view.epochs.back().rate)),
         view.network.graph.origin(view.network.loss)}};
}

std::vector<Finding> exploding_gradients(const TrainingView& view) {
    const std::optional<Road> road = road_of(view);
    if (!road || road->ratio <= far_apart) {
        return grown_gradient(view);
    }
    return {{fmt::format(
                 "the gradient explodes on its way to the inputs: that of {} is {} times that of "
                 "{} (root mean squares); smaller initial values (`~ xavier_normal`) or "
                 "--clip-norm 1 hold it",
                 road->first, text(road->ratio), road->last),
             road->span}};
}

constexpr std::array<SymptomTest, 7> tests{{{"identical_units", identical_units},
                                            {"unscaled_inputs", unscaled_inputs},
                                            {"dead_units", dead_units},
                                            {"saturated_units", saturated_units},
                                            {"vanishing_gradients", vanishing_gradients},
                                            {"exploding_gradients", exploding_gradients},
                                            {"rate_too_large", rate_too_large}}};

}  // namespace

double length_of(std::span<const Tensor> gradients) {
    double squares = 0;
    for (const Tensor& gradient : gradients) {
        for (const double number : gradient.data) {
            squares += number * number;
        }
    }
    return std::sqrt(squares);
}

bool TrainingView::has_told(std::string_view name) const {
    return std::ranges::find(state.told, name, &Symptom::name) != state.told.end();
}

std::span<const SymptomTest> symptom_tests() { return tests; }

}  // namespace chainrule
