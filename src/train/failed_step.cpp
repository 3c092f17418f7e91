#include "train/failed_step.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "render/number_text.h"
#include "train/feed.h"
#include "train/weights.h"

namespace chainrule {
namespace {

constexpr std::size_t most_listed = 8;

// `x = [1, -2]`; of more numbers how many, and between what they lie.
std::string value_text(const std::string& name, const Tensor& value) {
    if (value.is_scalar()) {
        return name + " = " + short_number(value.data[0]);
    }
    if (value.size() <= most_listed && value.shape.size() == 1) {
        std::vector<std::string> numbers;
        for (const double number : value.data) {
            numbers.push_back(short_number(number));
        }
        return fmt::format("{} = [{}]", name, fmt::join(numbers, ", "));
    }
    if (!are_finite({&value, 1})) {
        return fmt::format("{}: {} numbers, not all finite", name, value.size());
    }
    const auto [least, greatest] = std::ranges::minmax(value.data);
    return fmt::format("{}: {} numbers from {} to {}", name, value.size(), short_number(least),
                       short_number(greatest));
}

class FailedStep {
public:
    FailedStep(const FailedRun& run, std::span<const Tensor> weights,
               std::span<const std::size_t> rows)
        : run_(run),
          objective_(run.setup.objective),
          network_(run.setup.network),
          rows_(rows),
          step_(objective_.graph, roots_of(objective_)) {
        feed_constants(step_, network_);
        feed_weights(step_, network_, weights);
        feed_rows(step_, network_, run.data, rows);
        step_.run();
    }

    std::optional<Failure> failure() const {
        const auto bad = std::ranges::find_if_not(objective_.gradients,
                                                  [&](NodeId id) { return are_finite(step_[id]); });
        const bool bad_loss = !are_finite(step_[objective_.total]);
        if (!bad_loss && bad == objective_.gradients.end()) {
            return std::nullopt;
        }
        Failure failure =
            words(bad_loss, static_cast<std::size_t>(bad - objective_.gradients.begin()));
        add_row(failure);
        return failure;
    }

private:
    static std::vector<NodeId> roots_of(const Objective& objective) {
        std::vector<NodeId> roots = objective.gradients;
        roots.push_back(objective.total);
        return roots;
    }

    Failure words(bool bad_loss, std::size_t bad_gradient) const {
        const Graph& graph = objective_.graph;
        for (const NodeId id : step_.nodes()) {
            if (graph.is_named(id) && !are_finite(step_[id])) {
                return {0, graph.name(id) + " is the first value that is not finite", id};
            }
        }
        if (bad_loss) {
            return {0, "the loss is not finite, though every named value is", network_.loss};
        }
        const NodeId weight = network_.weights[bad_gradient].node;
        return {
            0,
            fmt::format("the gradient of {} is not finite, though the loss is", graph.name(weight)),
            weight};
    }

    // The first example of a value that has one for each.
    std::optional<std::size_t> bad_example(NodeId id) const {
        if (!objective_.graph.type(id).per_example) {
            return std::nullopt;
        }
        const std::span<const Tensor> values = step_[id];
        const auto bad = std::ranges::find_if_not(
            values, [](const Tensor& value) { return are_finite({&value, 1}); });
        return bad == values.end() ? std::nullopt
                                   : std::optional<std::size_t>(bad - values.begin());
    }

    // That the failure speaks of, or of the first value, named or not, that is not finite.
    std::optional<std::size_t> culprit(const Failure& failure) const {
        if (is_computed(failure.node) && !are_finite(step_[failure.node])) {
            return bad_example(failure.node);
        }
        for (const NodeId id : step_.nodes()) {
            if (const auto example = bad_example(id)) {
                return example;
            }
        }
        return std::nullopt;
    }

    const Tensor& value(NodeId id, std::size_t example) const {
        return step_[id][objective_.graph.type(id).per_example ? example : 0];
    }

    void add_row(Failure& failure) const {
        const std::optional<std::size_t> example = culprit(failure);
        if (example && takes_rows()) {
            add_row_note(failure, *example);
        }
        if (example || !objective_.graph.type(failure.node).per_example) {
            add_values_note(failure, example.value_or(0));
        }
        if (example || !takes_rows()) {
            add_leaves(failure, example.value_or(0));
        }
    }

    bool takes_rows() const { return !network_.inputs.empty() || !network_.targets.empty(); }

    void add_row_note(Failure& failure, std::size_t example) const {
        const std::size_t row = rows_[example];
        const Dataset& data = run_.data;
        const std::string place =
            row < data.lines.rows() ? fmt::format("row {}", data.lines.line(row)) : "a row";
        std::vector<std::string> values;
        for (const std::vector<NodeId>* leaves : {&network_.inputs, &network_.targets}) {
            for (const NodeId leaf : *leaves) {
                if (is_computed(leaf)) {
                    values.push_back(value_text(objective_.graph.name(leaf), value(leaf, example)));
                }
            }
        }
        failure.notes.push_back(
            {fmt::format("{} of {} makes it, as the network gets it: {}", place,
                         data.source.empty() ? "the training data" : data.source,
                         fmt::join(values, ", ")),
             {}});
    }

    bool is_computed(NodeId id) const { return std::ranges::binary_search(step_.nodes(), id); }

    // The named values that the formula of a value is written in.
    void add_values_note(Failure& failure, std::size_t example) const {
        std::set<NodeId> seen;
        std::vector<NodeId> open(objective_.graph[failure.node].operands);
        std::set<NodeId> named;
        while (!open.empty()) {
            const NodeId id = open.back();
            open.pop_back();
            if (!seen.insert(id).second || !is_computed(id)) {
                continue;
            }
            if (objective_.graph.is_named(id)) {
                named.insert(id);
            } else {
                const std::vector<NodeId>& operands = objective_.graph[id].operands;
                open.insert(open.end(), operands.begin(), operands.end());
            }
        }
        std::vector<std::string> values;
        for (const NodeId id : named) {
            values.push_back(value_text(objective_.graph.name(id), value(id, example)));
        }
        if (!values.empty()) {
            const std::string& name = objective_.graph.name(failure.node);
            failure.notes.push_back(
                {fmt::format("what goes into {}: {}", name.empty() ? "the loss" : name,
                             fmt::join(values, ", ")),
                 {}});
        }
    }

    void add_leaves(Failure& failure, std::size_t example) const {
        for (const NodeId leaf : step_.leaves()) {
            failure.leaves.emplace_back(objective_.graph.name(leaf), value(leaf, example));
        }
    }

    const FailedRun& run_;
    const Objective& objective_;
    const Network& network_;
    std::span<const std::size_t> rows_;
    BatchEvaluator step_;
};

}  // namespace

std::optional<Failure> find_value(const FailedRun& run, std::span<const Tensor> weights,
                                  std::span<const std::size_t> rows) {
    return FailedStep(run, weights, rows).failure();
}

}  // namespace chainrule
