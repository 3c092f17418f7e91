#include "train/loop.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>

#include "data/split.h"
#include "train/feed.h"
#include "train/initialise.h"
#include "train/objective.h"

namespace chainrule {
namespace {

bool is_finite(const Tensor& tensor) {
    return std::ranges::all_of(tensor.data, [](double x) { return std::isfinite(x); });
}

bool are_finite(std::span<const Tensor> tensors) { return std::ranges::all_of(tensors, is_finite); }

void round_to(DType dtype, Tensor& tensor) {
    if (dtype == DType::f32) {
        for (double& x : tensor.data) {
            x = static_cast<double>(static_cast<float>(x));
        }
    }
}

std::size_t batch_rows(const TrainOptions& options, std::size_t rows) {
    if (rows == 0) {
        throw UserError("there is nothing to train on: the data has no rows");
    }
    const auto batch = static_cast<std::size_t>(options.batch);
    if (options.batch_chosen && batch > rows) {
        throw UserError(
            fmt::format("a batch of {} rows is larger than the training part, which has "
                        "{}: choose a batch of at most {}",
                        batch, rows, rows));
    }
    return std::min(batch, rows);
}

std::vector<NodeId> step_roots(const Objective& objective) {
    std::vector<NodeId> roots = objective.gradients;
    roots.push_back(objective.total);
    return roots;
}

class Training {
public:
    Training(const Network& network, const TrainOptions& options, const TrainingData& data,
             const TrainHooks& hooks, Diagnostics& diagnostics)
        : network_(network),
          options_(options),
          data_(data),
          hooks_(hooks),
          objective_(make_objective(network)),
          step_(objective_.graph, step_roots(objective_)),
          assessor_(network, objective_, accuracy_rule(network, data.training.targets)),
          batch_(batch_rows(options, data.training.rows)) {
        feed_constants(step_, network);
        result_.weights = initial_weights(network, options.seed, diagnostics);
        for (Tensor& weight : result_.weights) {
            round_to(options.dtype, weight);
        }
    }

    TrainResult run() {
        std::vector<Tensor> kept = result_.weights;
        for (std::int64_t epoch = 1; epoch <= options_.epochs; ++epoch) {
            if (!run_epoch(epoch)) {
                break;
            }
            record(epoch);
            if (result_.failure) {
                break;
            }
            kept = result_.weights;
        }
        if (result_.failure) {
            result_.weights = std::move(kept);
        }
        finish();
        return std::move(result_);
    }

private:
    bool run_epoch(std::int64_t epoch) {
        const std::vector<std::size_t> order =
            epoch_order(data_.training.rows, options_.seed, static_cast<std::uint64_t>(epoch));
        const std::size_t batches = (order.size() + batch_ - 1) / batch_;
        for (std::size_t i = 0; i < batches; ++i) {
            const std::size_t first = i * batch_;
            const std::size_t count = std::min(batch_, order.size() - first);
            const Progress progress{epoch, options_.epochs, static_cast<std::int64_t>(i + 1),
                                    static_cast<std::int64_t>(batches)};
            descend(std::span(order).subspan(first, count), progress);
            if (result_.failure) {
                return false;
            }
            if (hooks_.on_batch) {
                hooks_.on_batch(progress);
            }
            if (hooks_.should_stop && hooks_.should_stop()) {
                result_.interrupted = true;
                return false;
            }
        }
        return true;
    }

    // One step of gradient descent; where it meets a number that is not finite, the failure instead.
    void descend(std::span<const std::size_t> rows, const Progress& progress) {
        feed_weights(step_, network_, result_.weights);
        feed_rows(step_, network_, data_.training, rows);
        step_.run();
        if (const auto found = find_not_finite()) {
            fail(*found, progress);
            return;
        }
        for (std::size_t i = 0; i < result_.weights.size(); ++i) {
            Tensor& weight = result_.weights[i];
            const Tensor& gradient = step_[objective_.gradients[i]][0];
            for (std::size_t k = 0; k < weight.data.size(); ++k) {
                weight.data[k] -= options_.rate * gradient.data[k];
            }
            round_to(options_.dtype, weight);
            if (!is_finite(weight)) {
                fail({"the step makes " + name_of(i) + " infinite", network_.weights[i].node},
                     progress);
                return;
            }
        }
    }

    struct Finding {
        std::string what;
        NodeId node;
    };

    // Where the last run stopped being finite: the first named value of the forward pass, else the
    // loss, else a gradient. A value that the loss masks may be infinite.
    std::optional<Finding> find_not_finite() const {
        const auto bad = std::ranges::find_if_not(
            objective_.gradients, [&](NodeId id) { return is_finite(step_[id][0]); });
        const bool bad_loss = !is_finite(step_[objective_.total][0]);
        if (!bad_loss && bad == objective_.gradients.end()) {
            return std::nullopt;
        }
        for (const NodeId id : step_.nodes()) {
            if (objective_.graph.is_named(id) && !are_finite(step_[id])) {
                return Finding{objective_.graph.name(id) + " is the first value that is not finite",
                               id};
            }
        }
        if (bad_loss) {
            return Finding{"the loss is not finite, though every named value is", network_.loss};
        }
        const auto i = static_cast<std::size_t>(bad - objective_.gradients.begin());
        return Finding{"the gradient of " + name_of(i) + " is not finite, though the loss is",
                       network_.weights[i].node};
    }

    const std::string& name_of(std::size_t weight) const {
        return network_.graph.name(network_.weights[weight].node);
    }

    void fail(const Finding& finding, const Progress& progress) {
        const std::int64_t step = (progress.epoch - 1) * progress.batches + progress.batch;
        fail(fmt::format("at step {} (epoch {}, batch {}): {}", step, progress.epoch,
                         progress.batch, finding.what),
             network_.graph.origin(finding.node));
    }

    void fail(const std::string& when_and_what, Span span) {
        result_.failure = Diagnostic{
            .message = fmt::format(
                "training stopped {}; try a smaller rate than {}, or other initial "
                "values; the weights are kept as they were after {}",
                when_and_what, format_number(options_.rate),
                result_.epochs.empty() ? "initialisation"
                                       : fmt::format("epoch {}", result_.epochs.back().epoch)),
            .span = span,
            .notes = {}};
    }

    void record(std::int64_t epoch) {
        assessor_.set_weights(result_.weights);
        EpochRecord record{
            .epoch = epoch, .train = assessor_.assess(data_.training), .validation = {}};
        if (!std::isfinite(record.train.loss)) {
            fail(fmt::format("after epoch {}: the loss of the training part is {}", epoch,
                             format_number(record.train.loss)),
                 network_.graph.origin(network_.loss));
            return;
        }
        if (data_.validation) {
            record.validation = assessor_.assess(*data_.validation);
        }
        if (hooks_.on_epoch) {
            hooks_.on_epoch(record);
        }
        result_.epochs.push_back(record);
    }

    void finish() {
        assessor_.set_weights(result_.weights);
        result_.train = result_.interrupted || result_.epochs.empty()
                            ? assessor_.assess(data_.training)
                            : result_.epochs.back().train;
        if (data_.test) {
            result_.test = assessor_.assess(*data_.test);
        }
    }

    const Network& network_;
    const TrainOptions& options_;
    const TrainingData& data_;
    const TrainHooks& hooks_;
    Objective objective_;
    BatchEvaluator step_;
    Assessor assessor_;
    std::size_t batch_;
    TrainResult result_;
};

}  // namespace

TrainResult train(const Network& network, const TrainOptions& options, const TrainingData& data,
                  Diagnostics& diagnostics, const TrainHooks& hooks) {
    return Training(network, options, data, hooks, diagnostics).run();
}

}  // namespace chainrule
