#include "train/loop.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>

#include "backend/thread_pool.h"
#include "train/assessor.h"
#include "train/failure.h"
#include "train/initialise.h"
#include "train/pace.h"
#include "train/weights.h"

namespace chainrule {
namespace {

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

class Training {
public:
    Training(const Network& network, const TrainOptions& options, const TrainingSources& data,
             const TrainHooks& hooks, Diagnostics& diagnostics)
        : network_(network),
          options_(options),
          data_(data),
          hooks_(hooks),
          objective_(make_objective(network)),
          pool_(options.backend == Backend::reference ? 1 : options.threads),
          setup_{network, objective_, options, pool_},
          assessor_(setup_, answer_rule(network, data.answer)),
          batch_(batch_rows(options, data.training->rows())),
          descent_(make_descent(setup_, data.training->window())),
          schedule_(options.schedule, {options.rate, options.epochs, options.warmup}) {
        result_.weights = initial_weights(network, options.seed, diagnostics);
        round_to(options.dtype, result_.weights);
        result_.computed_by = descent_->description();
        descent_->set_weights(result_.weights);
        descent_->read_states(states_);
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
    // In runs of several steps, as long as nobody has to wait for an answer.
    bool run_epoch(std::int64_t epoch) {
        data_.training->start_epoch(options_.seed, static_cast<std::uint64_t>(epoch));
        const std::size_t batches = (data_.training->rows() + batch_ - 1) / batch_;
        for (std::size_t done = 0; done < batches;) {
            const std::int64_t step =
                (epoch - 1) * static_cast<std::int64_t>(batches) + static_cast<std::int64_t>(done);
            rate_ = schedule_.rate(step);
            descent_->set_rate(rate_);
            const auto rows =
                data_.training->take(schedule_.is_warming(step) ? 1 : pace_.steps(), batch_);
            const std::size_t steps = (rows.size() + batch_ - 1) / batch_;
            pace_.time(steps, [&] { descent_->run(rows, batch_); });
            const Progress before{epoch, options_.epochs, static_cast<std::int64_t>(done),
                                  static_cast<std::int64_t>(batches)};
            if (!descent_->is_finite()) {
                fail(find_failure(
                         {setup_, data_.training->window(), result_.weights, states_, rate_}, rows,
                         batch_),
                     before);
                return false;
            }
            descent_->read_weights(result_.weights);
            descent_->read_states(states_);
            done += steps;
            Progress now = before;
            now.batch = static_cast<std::int64_t>(done);
            if (hooks_.on_batch) {
                hooks_.on_batch(now);
            }
            if (hooks_.should_stop && hooks_.should_stop()) {
                result_.interrupted = true;
                return false;
            }
        }
        return true;
    }

    void fail(const Failure& failure, const Progress& before) {
        const std::int64_t batch = before.batch + static_cast<std::int64_t>(failure.step) + 1;
        const std::int64_t step = (before.epoch - 1) * before.batches + batch;
        fail(fmt::format("at step {} (epoch {}, batch {}): {}", step, before.epoch, batch,
                         failure.what),
             network_.graph.origin(failure.node));
    }

    void fail(const std::string& when_and_what, Span span) {
        result_.failure = Diagnostic{
            .message = fmt::format(
                "training stopped {}; try a smaller rate than {}, or other initial "
                "values; the weights are kept as they were after {}",
                when_and_what, format_number(rate_),
                result_.epochs.empty() ? "initialisation"
                                       : fmt::format("epoch {}", result_.epochs.back().epoch)),
            .span = span,
            .notes = {}};
    }

    void record(std::int64_t epoch) {
        assessor_.set_weights(result_.weights);
        EpochRecord record{
            .epoch = epoch, .train = assessor_.assess(*data_.training), .validation = {}};
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
        schedule_.end_epoch((record.validation ? *record.validation : record.train).loss);
        result_.epochs.push_back(record);
    }

    void finish() {
        assessor_.set_weights(result_.weights);
        result_.train = result_.interrupted || result_.epochs.empty()
                            ? assessor_.assess(*data_.training)
                            : result_.epochs.back().train;
        if (data_.test) {
            result_.test = assessor_.assess(*data_.test);
        }
    }

    const Network& network_;
    const TrainOptions& options_;
    const TrainingSources& data_;
    const TrainHooks& hooks_;
    Objective objective_;
    ThreadPool pool_;
    TrainSetup setup_;
    Assessor assessor_;
    std::size_t batch_;
    std::unique_ptr<Descent> descent_;
    RateSchedule schedule_;
    double rate_ = 0;             // of the last steps
    std::vector<Tensor> states_;  // of the optimiser, with result_.weights
    Pace pace_;
    TrainResult result_;
};

}  // namespace

TrainingSources sources_of(const Network& network, const TrainingData& data) {
    const auto source = [](const std::optional<Dataset>& part) {
        return part ? source_in_memory(*part) : nullptr;
    };
    return {.training = source_in_memory(data.training),
            .validation = source(data.validation),
            .test = source(data.test),
            .answer = answer_kind(network, data.training.targets)};
}

TrainResult train(const Network& network, const TrainOptions& options, const TrainingData& data,
                  Diagnostics& diagnostics, const TrainHooks& hooks) {
    return train(network, options, sources_of(network, data), diagnostics, hooks);
}

TrainResult train(const Network& network, const TrainOptions& options, const TrainingSources& data,
                  Diagnostics& diagnostics, const TrainHooks& hooks) {
    return Training(network, options, data, hooks, diagnostics).run();
}

}  // namespace chainrule
