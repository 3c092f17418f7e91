#include "train/failed_step.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>

#include "ops/op_list.h"
#include "train/blamed_columns.h"
#include "train/failure_notes.h"
#include "train/feed.h"
#include "train/rounded_probability.h"
#include "train/weights.h"

namespace chainrule {
namespace {

// The largest number that a step can hold: reference and residuals compute in double precision.
double largest_of(const TrainOptions& options) {
    const FullBatchMethod* method = find_optimizer(options.optimizer.name())->full_batch;
    const bool by_residuals =
        method != nullptr && std::holds_alternative<StepByResiduals>(method->step);
    return options.dtype == DType::f32 && options.backend != Backend::reference && !by_residuals
               ? std::numeric_limits<float>::max()
               : std::numeric_limits<double>::max();
}

// A step has gradients; what is only looked at has a loss.
enum class Looked : std::uint8_t { step, loss };

class FailedStep {
public:
    FailedStep(const FailedRun& run, std::span<const Tensor> weights,
               std::span<const std::size_t> rows, Looked looked = Looked::step)
        : run_(run),
          objective_(run.setup.objective),
          network_(run.setup.network),
          rows_(rows),
          looked_(looked),
          gradients_(looked == Looked::step ? objective_.gradients : std::vector<NodeId>()),
          losses_(looked == Looked::step ? std::vector{objective_.total} : objective_.terms),
          largest_(largest_of(run.setup.options)),
          single_(largest_ < std::numeric_limits<double>::max()),
          step_(objective_.graph, roots()) {
        feed_constants(step_, network_);
        feed_weights(step_, network_, weights);
        feed_rows(step_, network_, run.data, rows);
        step_.run();
    }

    std::optional<Failure> failure() const {
        const auto is_held = [&](NodeId id) { return is_good(id); };
        const auto bad = std::ranges::find_if_not(gradients_, is_held);
        const bool bad_loss = !std::ranges::all_of(losses_, is_held);
        const bool bad_root = bad_loss || bad != gradients_.end();
        // Single precision can fail on the way to what double precision has a finite value of.
        const bool is_beyond = !std::ranges::all_of(
            step_.nodes(), [&](NodeId id) { return is_good(id) || is_infinite(id); });
        if (!bad_root && !is_beyond) {
            return single_ ? failure_of_rounding() : std::nullopt;
        }
        Failure failure = words(bad_loss, static_cast<std::size_t>(bad - gradients_.begin()));
        add_cause(failure, culprit(failure));
        return failure;
    }

private:
    std::vector<NodeId> roots() const {
        std::vector<NodeId> roots = gradients_;
        roots.insert(roots.end(), losses_.begin(), losses_.end());
        return roots;
    }

    Failure words(bool bad_loss, std::size_t bad_gradient) const {
        const Graph& graph = objective_.graph;
        for (const NodeId id : step_.nodes()) {
            if (graph.is_named(id) && !is_good(id)) {
                return {0,
                        fmt::format("{} is the first value {}", graph.name(id),
                                    is_infinite(id) ? "that is not finite" : "beyond f32's range"),
                        id};
            }
        }
        if (bad_loss) {
            const NodeId term = bad_term();
            const bool infinite =
                std::ranges::any_of(losses_, [&](NodeId id) { return is_infinite(id); });
            return {
                0,
                fmt::format("the {} is {}", term == network_.loss ? "loss" : "penalty",
                            infinite ? "not finite, though every named value is"
                                     : "beyond f32's range, though every named value is within it"),
                term};
        }
        if (bad_gradient == gradients_.size()) {
            return {0,
                    "a value inside the loss or its gradient is beyond f32's range, though every "
                    "named value is within it",
                    network_.loss};
        }
        const NodeId weight = network_.weights[bad_gradient].node;
        const bool infinite = is_infinite(gradients_[bad_gradient]);
        return {0,
                fmt::format("the gradient of {} is {}", graph.name(weight),
                            infinite ? "not finite, though the loss is"
                                     : "beyond f32's range, though the loss is within it"),
                weight};
    }

    // Of the network's loss and penalties; the loss too where only their sum is bad.
    NodeId bad_term() const {
        for (const NodeId penalty : network_.penalties) {
            if (is_good(objective_.terms[0]) && !is_good(computed_for(penalty))) {
                return penalty;
            }
        }
        return network_.loss;
    }

    bool is_within(const Tensor& tensor) const {
        return std::ranges::all_of(tensor.data, [&](double x) { return std::abs(x) <= largest_; });
    }

    // The first example, or 0 where all have one value, whose value the step cannot hold.
    std::optional<std::size_t> bad_place(NodeId id) const {
        const std::span<const Tensor> values = step_[id];
        const auto bad =
            std::ranges::find_if_not(values, [&](const Tensor& value) { return is_within(value); });
        return bad == values.end() ? std::nullopt
                                   : std::optional<std::size_t>(bad - values.begin());
    }

    bool is_good(NodeId id) const { return !bad_place(id); }

    // Not finite in double precision either.
    bool is_infinite(NodeId id) const {
        const std::optional<std::size_t> place = bad_place(id);
        return place && !are_finite(step_[id].subspan(*place, 1));
    }

    // The first example of a value that has one for each.
    std::optional<std::size_t> bad_example(NodeId id) const {
        return objective_.graph.type(id).per_example ? bad_place(id) : std::nullopt;
    }

    // That the failure speaks of, or of the first value, named or not, that is not finite.
    std::optional<std::size_t> culprit(const Failure& failure) const {
        if (const NodeId id = computed_for(failure.node); is_computed(id) && !is_good(id)) {
            return bad_example(id);
        }
        for (const NodeId id : step_.nodes()) {
            if (const auto example = bad_example(id)) {
                return example;
            }
        }
        return std::nullopt;
    }

    static void add(Failure& failure, const std::optional<Note>& note) {
        if (note) {
            failure.notes.push_back(*note);
        }
    }

    // `example` makes it alone.
    void add_cause(Failure& failure, std::optional<std::size_t> example) const {
        const NodeId first = first_bad(failure, example.value_or(0));
        const bool is_of_weights = depends_on_weights(first);
        if (!is_of_weights) {
            const bool is_of_data = objective_.graph.type(first).per_example;
            failure.what += is_of_data ? ", and the data alone makes it so"
                                       : ", and no weight has a part in it";
            failure.advice = fmt::format(
                "no rate or initial value helps: mend {}",
                is_of_data ? what_to_mend(run_.setup.options, run_.data) : "the formula");
        }
        if (example && takes_rows()) {
            const std::vector<std::string> columns =
                is_of_weights || !objective_.graph.type(first).per_example
                    ? std::vector<std::string>()
                    : blamed_columns(network_, objective_.graph, first, run_.data, rows_[*example],
                                     largest_);
            failure.notes.push_back(row_note(*example, columns));
        }
        if (example || !objective_.graph.type(failure.node).per_example) {
            add(failure, note_on_values(step_, example.value_or(0), computed_for(failure.node),
                                        objective_.graph.name(failure.node)));
        }
        add_beginning(failure, first, example.value_or(0));
        const std::optional<Note> rounding = note_on_rounding(first, example.value_or(0));
        add(failure, rounding);
        if (rounding && is_of_weights) {
            failure.advice = advice_on_rounding;
        }
        if (example || !takes_rows()) {
            add_leaves(failure, example.value_or(0));
        }
    }

    // The operation where it begins, and what helps there unless the data alone is to blame.
    void add_beginning(Failure& failure, NodeId first, std::size_t example) const {
        const std::optional<BadElement> element = bad_element(step_, example, first, largest_);
        if (!element) {
            return;
        }
        const Node& node = objective_.graph[first];
        const bool needs_advice = failure.advice.empty() && is_pole_at_zero(node, *element);
        if (needs_advice) {
            failure.advice = advice_on_pole;
        }
        if (needs_advice || first != computed_for(failure.node)) {
            failure.notes.push_back(note_on_beginning(node, *element));
        }
    }

    std::vector<NodeId> losses_of_probabilities() const {
        std::vector<NodeId> losses;
        std::ranges::copy_if(step_.nodes(), std::back_inserter(losses), [&](NodeId id) {
            return objective_.graph.is_op(id, binary_cross_entropy_op);
        });
        return losses;
    }

    // Of the loss whose own value is `first`, where what is not finite begins, or whose derivative
    // is: a value that no loss needs, made of the probability.
    std::optional<Note> note_on_rounding(NodeId first, std::size_t example) const {
        const Graph& graph = objective_.graph;
        const bool is_of_gradient = !std::ranges::binary_search(reachable(graph, losses_), first);
        const std::vector<NodeId> needed = reachable(graph, std::vector{first});
        for (const NodeId loss : losses_of_probabilities()) {
            const bool is_derivative =
                is_of_gradient && std::ranges::binary_search(needed, graph[loss].operands[0]);
            const auto rounded = rounded_probability(step_, loss, example, single_);
            if (rounded && (is_derivative || (first == loss && !rounded->is_target))) {
                return Note{words_on_rounding(graph, loss, *rounded), {}};
            }
        }
        return std::nullopt;
    }

    // In single precision a value can be 0 / 0 that in double precision is none.
    std::optional<Failure> failure_of_rounding() const {
        for (const NodeId loss : losses_of_probabilities()) {
            const bool is_derived = looked_ == Looked::step && depends_on_weights(loss);
            for (std::size_t example = 0; example < step_[loss].size(); ++example) {
                const auto rounded = rounded_probability(step_, loss, example, single_);
                if (rounded && (is_derived || !rounded->is_target)) {
                    Failure failure{.what = words_on_rounding(objective_.graph, loss, *rounded),
                                    .node = network_.loss,
                                    .advice = std::string(advice_on_rounding)};
                    if (takes_rows()) {
                        failure.notes.push_back(row_note(example, {}));
                    }
                    add_leaves(failure, example);
                    return failure;
                }
            }
        }
        return std::nullopt;
    }

    bool is_bad_in(NodeId id, std::size_t example) const {
        return !is_within(step_.value(id, example));
    }

    // Where what is not finite begins: a value whose operands are.
    NodeId first_bad(const Failure& failure, std::size_t example) const {
        std::vector<NodeId> open = roots();
        open.insert(open.begin(), computed_for(failure.node));
        open.insert(open.end(), step_.nodes().begin(), step_.nodes().end());
        const auto bad = [&](NodeId id) { return is_computed(id) && is_bad_in(id, example); };
        NodeId first = *std::ranges::find_if(open, bad);
        for (;;) {
            const std::vector<NodeId>& operands = objective_.graph[first].operands;
            const auto operand = std::ranges::find_if(operands, bad);
            if (operand == operands.end()) {
                return first;
            }
            first = *operand;
        }
    }

    bool depends_on_weights(NodeId id) const {
        const std::vector<NodeId> needed = reachable(objective_.graph, std::vector<NodeId>{id});
        return std::ranges::any_of(network_.weights, [&](const Weight& weight) {
            return std::ranges::binary_search(needed, weight.node);
        });
    }

    bool takes_rows() const { return !network_.inputs.empty() || !network_.targets.empty(); }

    Note row_note(std::size_t example, const std::vector<std::string>& columns) const {
        return note_on_row(step_, example, network_, run_.data, rows_[example], columns);
    }

    // Training may compute the loss and the penalties in another way than they are written
    // (train/objective.h).
    NodeId computed_for(NodeId id) const {
        if (id == network_.loss) {
            return objective_.terms[0];
        }
        const auto penalty = std::ranges::find(network_.penalties, id);
        return penalty == network_.penalties.end()
                   ? id
                   : objective_
                         .terms[1 + static_cast<std::size_t>(penalty - network_.penalties.begin())];
    }

    bool is_computed(NodeId id) const { return std::ranges::binary_search(step_.nodes(), id); }

    void add_leaves(Failure& failure, std::size_t example) const {
        for (const NodeId leaf : step_.leaves()) {
            const std::string& name = objective_.graph.name(leaf);
            if (name != example_weight_leaf) {  // is of the objective, none of the network
                failure.leaves.emplace_back(name, step_.value(leaf, example));
            }
        }
    }

    const FailedRun& run_;
    const Objective& objective_;
    const Network& network_;
    std::span<const std::size_t> rows_;
    Looked looked_;
    std::vector<NodeId> gradients_;
    std::vector<NodeId> losses_;
    double largest_;
    bool single_;
    BatchEvaluator step_;
};

}  // namespace

std::optional<Failure> find_value(const FailedRun& run, std::span<const Tensor> weights,
                                  std::span<const std::size_t> rows) {
    return FailedStep(run, weights, rows).failure();
}

std::optional<Failure> find_value_of_loss(const TrainSetup& setup, const ExampleSource& source,
                                          std::span<const Tensor> weights) {
    constexpr std::size_t at_once = 256;
    std::optional<Failure> failure;
    source.visit([&](const Dataset& part) {
        std::vector<std::size_t> rows;
        for (std::size_t first = 0; !failure && first < part.rows; first += at_once) {
            rows.resize(std::min(at_once, part.rows - first));
            std::iota(rows.begin(), rows.end(), first);
            failure =
                FailedStep({setup, part, weights, {}, 0}, weights, rows, Looked::loss).failure();
        }
    });
    return failure;
}

}  // namespace chainrule
