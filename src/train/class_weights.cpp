#include "train/class_weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "data/class_labels.h"
#include "data/wording.h"
#include "optim/setting.h"
#include "train/metrics_text.h"

namespace chainrule {
namespace {

std::vector<double> balanced_weights(std::span<const std::size_t> rows) {
    const auto all = std::accumulate(rows.begin(), rows.end(), std::size_t{0});
    const auto present = std::ranges::count_if(rows, [](std::size_t count) { return count > 0; });
    std::vector<double> weights;
    for (const std::size_t count : rows) {
        const double divisor = static_cast<double>(present) * static_cast<double>(count);
        weights.push_back(count == 0 ? 1 : static_cast<double>(all) / divisor);
    }
    return weights;
}

std::vector<double> labelled_weights(const std::map<std::string, double>& by_label,
                                     const std::string& target,
                                     const std::vector<std::string>& labels) {
    std::vector<double> weights(labels.size(), 1);
    for (const auto& [label, weight] : by_label) {
        const auto found = std::ranges::find(labels, label_key(label), label_key);
        if (found == labels.end()) {
            throw UserError(fmt::format("class_weights names {}, which is no class of {}{}", label,
                                        target, suggestion(label, {labels.begin(), labels.end()})));
        }
        weights[static_cast<std::size_t>(found - labels.begin())] = weight;
    }
    return weights;
}

[[noreturn]] void refuse_target(const Network& network) {
    if (network.targets.empty()) {
        throw UserError("class_weights weighs classes, and " + network.file +
                        " has no target that tells any: leave it out");
    }
    const std::string& target = network.graph.name(network.targets[0]);
    throw UserError(
        fmt::format("class_weights weighs classes, and the target {0} holds numbers: leave it out, "
                    "or declare `target {0}: class(n)` if they are labels",
                    target),
        network.graph.origin(network.targets[0]));
}

}  // namespace

std::vector<double> class_weights(const TrainOptions& options, const Network& network,
                                  const WeighedClasses& classes) {
    if (!options.class_weights) {
        return {};
    }
    if (classes.classes.count == 0) {
        refuse_target(network);
    }
    const ClassWeights& said = *options.class_weights;
    const std::string& target = network.graph.name(network.targets[0]);
    const std::size_t count = classes.classes.count;
    if (said.balanced) {
        return balanced_weights(classes.training.rows);
    }
    if (said.by_number.empty()) {
        return labelled_weights(said.by_label, target, class_names(count, classes.labels));
    }
    if (said.by_number.size() != count) {
        throw UserError(
            fmt::format("class_weights gives {}, and {} has {} classes: give one weight "
                        "for each",
                        counted(said.by_number.size(), "weight"), target, count));
    }
    return said.by_number;
}

void check_weight(const ClassTally& part, std::span<const double> class_weights,
                  std::string_view name) {
    double sum = 0;
    for (std::size_t k = 0; k < part.weights.size(); ++k) {
        sum += part.weights[k] * (class_weights.empty() ? 1 : class_weights[k]);
    }
    if (!(sum > 0)) {
        throw UserError(fmt::format(
            "the weights of all rows of the {} part are 0, so that none counts: give some of them "
            "a weight above 0",
            name));
    }
}

}  // namespace chainrule
