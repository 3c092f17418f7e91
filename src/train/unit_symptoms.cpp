#include "train/unit_symptoms.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "data/wording.h"
#include "ops/op_list.h"

namespace chainrule {
namespace {

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

// The weights after a few steps down the gradient of the sample, each a hundredth of a weight's
// length or of 1: what the units of a weight of 0 between others need to part.
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

// --- units that do not learn -----------------------------------------------------------------

bool is_saturated(double y, const Op* activation) {
    return activation == &tanh_op ? 1 - y * y < 0.05 : 4 * y * (1 - y) < 0.05;
}

// When a unit is bad: on this share of the rows.
struct Badness {
    double share;
    bool (*is_bad)(double number, const Op* op);
};
constexpr Badness death{1, [](double number, const Op*) { return number == 0; }};
constexpr Badness saturation{0.95, is_saturated};

std::vector<std::size_t> bad_units(std::span<const double> numbers, const HiddenUnits& units,
                                   const Badness& badness) {
    const std::size_t rows = numbers.size() / units.count;
    std::vector<std::size_t> found;
    for (std::size_t unit = 0; unit < units.count; ++unit) {
        std::size_t rows_bad = 0;
        for (std::size_t row = 0; row < rows; ++row) {
            rows_bad += badness.is_bad(numbers[row * units.count + unit], units.activation) ? 1 : 0;
        }
        if (static_cast<double>(rows_bad) >= badness.share * static_cast<double>(rows)) {
            found.push_back(unit);
        }
    }
    return found;
}

// Whether most of the bad units would not be bad without their bias, or get nothing else.
bool is_due_to_bias(const TrainingView& view, const HiddenUnits& units,
                    std::span<const std::size_t> bad, const Badness& badness) {
    if (!units.bias) {
        return false;
    }
    const auto values = view.values_of({units.before, units.bias->node});
    const std::vector<double>& before = values[0];
    const std::vector<double>& bias = values[1];
    if (bias.size() != before.size()) {
        return false;
    }
    const auto activation = std::get<ElementFunction>(units.activation->reference);
    std::vector<double> without(before.size());
    std::vector<bool> gets_more(units.count);
    for (std::size_t i = 0; i < before.size(); ++i) {
        const double z = before[i] - bias[i];
        without[i] = activation({&z, 1}, {});
        gets_more[i % units.count] = gets_more[i % units.count] || z != 0;
    }
    const std::vector<std::size_t> still = bad_units(without, units, badness);
    const auto by_bias = std::ranges::count_if(bad, [&](std::size_t unit) {
        return !std::ranges::binary_search(still, unit) || (!gets_more[unit] && bias[unit] != 0);
    });
    return 2 * static_cast<std::size_t>(by_bias) >= bad.size();
}

// Units of a value, or of several without names behind one weight.
struct Trouble {
    const HiddenUnits* units;
    std::size_t bad = 0;
    std::size_t all = 0;
    bool by_bias = false;
};

using Troubles = std::vector<Trouble>;

void add(Troubles& troubles, const Trouble& more) {
    const auto same = std::ranges::find_if(
        troubles, [&](const Trouble& each) { return each.units->name == more.units->name; });
    if (same == troubles.end()) {
        troubles.push_back(more);
        return;
    }
    same->bad += more.bad;
    same->all += more.all;
}

// Values of which this part of the units is bad.
Troubles find_troubles(const TrainingView& view, bool (*can_be_bad)(const HiddenUnits&),
                       const Badness& badness, double part) {
    Troubles troubles;
    for (std::size_t i = 0; i < view.units.size(); ++i) {
        const HiddenUnits& units = view.units[i];
        if (!can_be_bad(units)) {
            continue;
        }
        const std::vector<std::size_t> bad = bad_units(view.sample->watched[i], units, badness);
        if (static_cast<double>(bad.size()) < part * static_cast<double>(units.count)) {
            continue;
        }
        const bool by_bias = is_due_to_bias(view, units, bad, badness);
        if (!(units.is_gate && by_bias)) {
            add(troubles, {&units, bad.size(), units.count, by_bias});
        }
    }
    return troubles;
}

constexpr std::size_t most_listed_values = 3;

// `8 of 8 units of h0, 8 of 8 of h1, 7 of 8 of h2 and 15 of 16 of 2 more values`.
std::string list_of(const Troubles& troubles) {
    std::string list;
    std::size_t bad = 0;
    std::size_t all = 0;
    for (std::size_t i = 0; i < troubles.size(); ++i) {
        const Trouble& each = troubles[i];
        if (i < most_listed_values) {
            list += fmt::format("{}{} of {}{} of {}", i == 0 ? "" : ", ", each.bad, each.all,
                                i == 0 ? " units" : "", each.units->name);
        } else {
            bad += each.bad;
            all += each.all;
        }
    }
    if (troubles.size() > most_listed_values) {
        list += fmt::format(" and {} of {} of {}", bad, all,
                            counted(troubles.size() - most_listed_values, "further value"));
    }
    return list;
}

// `W0, W1, W2, ...`: of each trouble one, where there is one.
std::string names_of(const TrainingView& view, const Troubles& troubles,
                     const std::function<std::optional<NodeId>(const Trouble&)>& weight_of) {
    std::vector<std::string> names;
    for (const Trouble& trouble : troubles) {
        const std::optional<NodeId> weight = weight_of(trouble);
        const std::string name = weight ? view.network.graph.name(*weight) : "";
        if (!name.empty() && std::ranges::find(names, name) == names.end()) {
            names.push_back(name);
        }
    }
    if (names.size() > most_listed_values) {
        names.resize(most_listed_values);
        names.emplace_back("...");
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string biases_of(const TrainingView& view, const Troubles& troubles) {
    return names_of(view, troubles, [](const Trouble& each) {
        return each.by_bias ? std::optional(each.units->bias->weight) : std::nullopt;
    });
}

// Of those that do not begin as `is_drawn` says.
std::string weights_of(const TrainingView& view, const Troubles& troubles,
                       bool (*is_drawn)(const Network&, NodeId)) {
    return names_of(view, troubles, [&](const Trouble& each) {
        return is_drawn(view.network, each.units->weight) ? std::nullopt
                                                          : std::optional(each.units->weight);
    });
}

// The first ones are: what comes behind them is a consequence.
bool are_due_to_bias(const Troubles& troubles) { return troubles.front().by_bias; }

// What helps units that are bad from the beginning by their bias, or since a step.
std::vector<std::string> usual_ways(const TrainingView& view, const Troubles& troubles) {
    if (view.epoch > 0) {
        return view.options.has_rate()
                   ? std::vector{"a smaller rate than " + format_number(view.options.rate)}
                   : std::vector<std::string>();
    }
    return are_due_to_bias(troubles) ? std::vector{biases_of(view, troubles) + " = 0 at first"}
                                     : std::vector<std::string>();
}

std::string cause_of(const TrainingView& view, const Troubles& troubles) {
    return are_due_to_bias(troubles) ? ", through " + biases_of(view, troubles) : "";
}

// Of training that stands still: nine tenths of what it began with.
bool hardly_learns(const TrainingView& view) {
    return view.sample->loss >= 0.9 * view.state.first_loss;
}

double root_mean_square(std::span<const double> numbers) {
    double squares = 0;
    for (const double number : numbers) {
        squares += number * number;
    }
    return std::sqrt(squares / static_cast<double>(numbers.size()));
}

}  // namespace

bool can_saturate(const HiddenUnits& units) {
    return units.activation == &sigmoid_op || units.activation == &tanh_op;
}

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
                             can_saturate(units) ? "xavier_normal" : "he_normal"),
                 view.network.graph.origin(units.weight)}};
        }
    }
    return {};
}

std::vector<Finding> exploding_values(const TrainingView& view) {
    if (view.epoch > 0) {
        return {};
    }
    constexpr double far_apart = 1e4;
    const HiddenUnits* first = nullptr;
    double first_size = 0;
    for (std::size_t i = 0; i < view.units.size(); ++i) {
        const HiddenUnits& units = view.units[i];
        if (can_saturate(units) || units.activation == &relu6_op) {
            continue;
        }
        const double size = root_mean_square(view.sample->watched[i]);
        if (first == nullptr) {
            first = &units;
            first_size = size;
        } else if (size > far_apart * std::max(first_size, 1.0)) {
            const bool is_he = begins_as_he(view.network, units.weight);
            return {{fmt::format(
                         "the values explode on their way to the loss: those of {} are about {}, "
                         "those of {} about {} (root mean squares), so that steps throw the "
                         "weights far off{}",
                         units.name, number_text(size), first->name, number_text(first_size),
                         what_helps({is_he ? "scaling down what the layers add"
                                           : "smaller initial values (`~ he_normal`)"})),
                     view.network.graph.origin(units.node)}};
        }
    }
    return {};
}

std::vector<Finding> dead_units(const TrainingView& view) {
    if (view.sample == nullptr) {
        return {};
    }
    const auto can_die = [](const HiddenUnits& units) {
        return units.activation == &relu_op || units.activation == &relu6_op;
    };
    const Troubles dead = find_troubles(view, can_die, death, 2.0 / 3);
    if (dead.empty()) {
        return {};
    }
    std::vector<std::string> ways = usual_ways(view, dead);
    const std::string others = weights_of(view, dead, begins_as_he);
    if (ways.empty() && view.epoch == 0 && !others.empty()) {
        ways.push_back("`~ he_normal` for " + others);
    }
    ways.emplace_back("leaky_relu");
    return {{fmt::format("{} are dead: their {} is 0 on all {} sampled rows{}, so that no gradient "
                         "passes{}",
                         list_of(dead), dead[0].units->activation->name, view.sample->rows,
                         cause_of(view, dead), what_helps(ways)),
             view.network.graph.origin(dead[0].units->node)}};
}

std::vector<Finding> saturated_units(const TrainingView& view) {
    if (view.sample == nullptr || !hardly_learns(view)) {
        return {};
    }
    const Troubles saturated = find_troubles(view, can_saturate, saturation, 0.5);
    if (saturated.empty()) {
        return {};
    }
    std::vector<std::string> ways = usual_ways(view, saturated);
    if (ways.empty() || view.epoch > 0) {
        if (const std::string others = weights_of(view, saturated, begins_as_xavier);
            !others.empty()) {
            ways.push_back("a smaller " + others + " (`~ xavier_normal`)");
        }
    }
    if (ways.empty()) {
        ways.emplace_back("inputs scaled to about 1");
    }
    return {
        {fmt::format("{} are saturated: on nearly all of {} sampled rows the derivative of {} "
                     "is below a twentieth of its greatest{}, so that hardly any gradient "
                     "passes{}",
                     list_of(saturated), view.sample->rows, saturated[0].units->activation->name,
                     cause_of(view, saturated), what_helps(ways)),
         view.network.graph.origin(saturated[0].units->node)}};
}

}  // namespace chainrule
