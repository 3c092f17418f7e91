#include "train/loop.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <string>

#include "backend/thread_pool.h"
#include "data/split.h"
#include "train/assessor.h"
#include "train/batch_rows.h"
#include "train/failed_step.h"
#include "train/failure.h"
#include "train/infinite_loss.h"
#include "train/initialise.h"
#include "train/pace.h"
#include "train/skipped_steps.h"
#include "train/symptoms.h"
#include "train/weights.h"

namespace chainrule {
namespace {

class Training {
public:
    Training(const Network& network, const TrainOptions& options, const TrainingSources& data,
             const TrainHooks& hooks, Diagnostics& diagnostics)
        : network_(network),
          options_(options),
          data_(data),
          hooks_(hooks),
          diagnostics_(diagnostics),
          objective_(make_objective(network, averaging_over(data.training->window()))),
          pool_(options.backend == Backend::reference ? 1 : options.threads),
          setup_{network, objective_, options, pool_},
          assessor_(setup_, answer_rule(network, data.answer)),
          batch_(batch_rows(options, data.training->rows())),
          descent_(make_descent(setup_, data.training->window())),
          schedule_(options.schedule, {options.rate, options.epochs, options.warmup}) {
        result_.computed_by = descent_->description();
    }

    void begin() {
        result_.weights = initial_weights(network_, options_.seed, diagnostics_);
        round_to(options_.dtype, result_.weights);
        descent_->set_weights(result_.weights);
        descent_->read_states(result_.states);
        result_.state_names = descent_->state_names();
        result_.schedule = schedule_.state();
        keep();
    }

    void go_on(TrainState from) {
        static_cast<TrainState&>(result_) = std::move(from);
        descent_->set_weights(result_.weights);
        descent_->set_states(result_.states);
        schedule_.set_state(result_.schedule);
        rate_ = result_.schedule.rate;
        completed_before_ = result_.schedule.epoch;
    }

    TrainResult run() {
        keep_what_is_learnt([&] { run_epochs(); });
        if (result_.failure) {
            go_back();
        }
        keep_what_is_learnt([&] { finish(); });
        return std::move(result_);
    }

private:
    // What data can do only as they are used, such as an index that is no place, ends training as
    // what is not finite does, once there are weights that are worth keeping.
    template <class F>
    void keep_what_is_learnt(const F& f) {
        try {
            f();
        } catch (const UserError& error) {
            if (result_.schedule.epoch == 0) {
                throw;
            }
            if (!result_.failure) {
                result_.failure = error.diagnostics().front();
            }
        }
    }

    void run_epochs() {
        for (std::int64_t epoch = schedule_.state().epoch + 1;
             !has_converged() && epoch <= options_.epochs; ++epoch) {
            if (!run_epoch(epoch) || !record(epoch)) {
                break;
            }
            report_state();
        }
    }

    bool has_converged() {
        result_.convergence = descent_->convergence();
        const std::int64_t waited = result_.schedule.epoch - result_.best.epoch;
        if (options_.patience > 0 && waited >= options_.patience) {
            const bool has_best = result_.best.epoch > 0;
            result_.convergence = fmt::format(
                "stopped after {} epochs without a {} loss of the {} part{}", waited,
                has_best ? "smaller" : "finite", data_.validation ? "held-out" : "training",
                has_best ? "" : "; the last weights are kept");
        }
        return !result_.convergence.empty();
    }

    std::size_t batches_of(std::size_t rows) const { return (rows + batch_ - 1) / batch_; }

    // The batches that an earlier run has done are passed over.
    void start_epoch(std::int64_t epoch) {
        data_.training->start_epoch(options_.seed, static_cast<std::uint64_t>(epoch));
        for (auto left = static_cast<std::size_t>(result_.batch); left > 0;) {
            left -= batches_of(data_.training->take(left, batch_).size());
        }
    }

    // From the first epoch of this run on, once the window is filled.
    void watch_symptoms() {
        if (symptoms_ == nullptr) {
            symptoms_ = std::make_unique<SymptomWatch>(setup_, *data_.training, result_.symptoms);
            if (result_.schedule.epoch == 0 && result_.batch == 0) {
                tell(symptoms_->begin(result_.weights));
            }
        }
    }

    void tell(const std::vector<Symptom>& symptoms) {
        for (const Symptom& symptom : symptoms) {
            if (hooks_.on_symptom) {
                hooks_.on_symptom(symptom);
            }
        }
    }

    // In runs of several steps, as long as nobody has to wait for an answer.
    bool run_epoch(std::int64_t epoch) {
        const std::size_t batches = batches_of(data_.training->rows());
        start_epoch(epoch);
        watch_symptoms();
        for (auto done = static_cast<std::size_t>(result_.batch); done < batches;) {
            const std::int64_t step =
                (epoch - 1) * static_cast<std::int64_t>(batches) + static_cast<std::int64_t>(done);
            rate_ = schedule_.rate(step);
            descent_->set_rate(rate_);
            const auto rows =
                data_.training->take(schedule_.is_warming(step) ? 1 : pace_.steps(), batch_);
            const std::size_t steps = batches_of(rows.size());
            pace_.time(steps, [&] { descent_->run(rows, batch_); });
            const Progress before{epoch, options_.epochs, static_cast<std::int64_t>(done),
                                  static_cast<std::int64_t>(batches),
                                  static_cast<std::int64_t>(data_.training->rows())};
            if (descent_->is_finite()) {
                descent_->read_weights(result_.weights);
                descent_->read_states(result_.states);
            } else if (!leave_out_steps(rows, before)) {
                return false;
            }
            done += steps;
            Progress now = before;
            now.batch = result_.batch = static_cast<std::int64_t>(done);
            if (hooks_.on_batch) {
                hooks_.on_batch(now);
            }
            if (hooks_.should_stop && hooks_.should_stop()) {
                result_.interrupted = true;
                return false;
            }
            report_state();
        }
        return true;
    }

    // Of a run that stopped being finite, those that make it so, where that is asked for; else
    // training fails.
    bool leave_out_steps(std::span<const std::size_t> rows, const Progress& before) {
        const bool skips = options_.on_nan == OnNan::skip;
        SkippedSteps& skipped = result_.skipped;
        if (!skips || skipped.count == 0) {
            Failure failure = find_failure(
                {setup_, data_.training->window(), result_.weights, result_.states, rate_}, rows,
                batch_);
            const std::string place = place_of(failure, before.epoch, before.batch, before.batches);
            if (!skips) {
                fail(place, failure.advice, network_.graph.origin(failure.node), failure.notes);
                result_.failed_on = std::move(failure.leaves);
                return false;
            }
            skipped.first = step_of(failure, before.epoch, before.batch, before.batches);
            skipped.why = place;
            skipped_advice_ = failure.advice;
        }
        const auto left_out = static_cast<std::int64_t>(
            run_finite_steps(*descent_, result_.weights, result_.states, rows, batch_));
        skipped.count += left_out;
        skipped.in_epoch += left_out;
        return true;
    }

    void fail(const std::string& when_and_what, const std::string& advice, Span span,
              std::vector<Note> notes = {}) {
        result_.failure = stopped_training(
            when_and_what, advice.empty() ? advice_on_steps(options_, rate_) : advice);
        result_.failure->span = span;
        result_.failure->notes = std::move(notes);
    }

    // Whether the steps of the epoch moved anything, and where to.
    bool is_good(std::int64_t epoch, double loss) {
        const auto batches = static_cast<std::int64_t>(batches_of(data_.training->rows()));
        const Span span = network_.graph.origin(network_.loss);
        if (result_.skipped.in_epoch == batches) {
            fail(fmt::format(
                     "after epoch {}: every one of its {} steps was skipped, the first of all "
                     "{}",
                     epoch, batches, result_.skipped.why),
                 skipped_advice_, span);
        } else if (!std::isfinite(loss) && options_.on_nan == OnNan::stop) {
            const std::optional<Failure> in_step = infinite_loss_of_a_step(epoch);
            const Failure failure =
                in_step ? *in_step : why_not_finite(*data_.training, result_.weights);
            fail(in_step ? place_of(failure, epoch, 0, batches)
                         : fmt::format("after epoch {}: the loss of the training part is {}{}",
                                       epoch, format_number(loss),
                                       failure.what.empty() ? "" : ", as " + failure.what),
                 failure.advice, network_.graph.origin(failure.node), failure.notes);
            result_.failed_on = failure.leaves;
        }
        return !result_.failure;
    }

    // The epoch, over which training is at an end, is taken again.
    std::optional<Failure> infinite_loss_of_a_step(std::int64_t epoch) {
        const auto before =
            (epoch - 1) * static_cast<std::int64_t>(batches_of(data_.training->rows()));
        descent_->set_weights(result_.kept.weights);
        descent_->set_states(result_.kept.states);
        data_.training->start_epoch(options_.seed, static_cast<std::uint64_t>(epoch));
        return find_infinite_loss(
            {setup_, *data_.training, *descent_, assessor_, batch_,
             [&](std::int64_t step) { return schedule_.rate(before + step); }});
    }

    // Once: the weights are fine, and training goes on.
    void warn_of_held_out(std::int64_t epoch, double loss) {
        if (std::isfinite(loss) || has_warned_) {
            return;
        }
        has_warned_ = true;
        const Diagnostic warning =
            warning_of_loss(network_,
                            fmt::format("the loss of the held-out part is {} after epoch {}",
                                        format_number(loss), epoch),
                            why_not_finite(*data_.validation, result_.weights));
        diagnostics_.warning(warning.span, warning.message, warning.notes);
    }

    Failure why_not_finite(const ExampleSource& source, std::span<const Tensor> weights) const {
        return find_value_of_loss(setup_, source, weights)
            .value_or(Failure{.what = {}, .node = network_.loss});
    }

    // False where the epoch is no good.
    bool record(std::int64_t epoch) {
        assessor_.set_weights(result_.weights);
        EpochRecord record{.epoch = epoch,
                           .train = assessor_.assess(*data_.training),
                           .validation = {},
                           .rate = rate_};
        if (!is_good(epoch, record.train.loss)) {
            return false;
        }
        if (data_.validation) {
            record.validation = assessor_.assess(*data_.validation);
            warn_of_held_out(epoch, record.validation->loss);
        }
        if (hooks_.on_epoch) {
            hooks_.on_epoch(record, result_.weights);
        }
        const double loss = (record.validation ? *record.validation : record.train).loss;
        schedule_.end_epoch(loss);
        result_.schedule = schedule_.state();
        result_.batch = 0;
        result_.skipped.in_epoch = 0;
        result_.epochs.push_back(std::move(record));
        tell(symptoms_->end_epoch(result_.epochs, result_.weights));
        keep();
        if (options_.patience > 0 && std::isfinite(loss) &&
            (result_.best.epoch == 0 || loss < result_.best.loss)) {
            result_.best = {.epoch = epoch, .loss = loss, .weights = result_.weights};
        }
        return true;
    }

    void keep() {
        result_.kept.weights = result_.weights;
        result_.kept.states = result_.states;
    }

    void go_back() {
        result_.weights = result_.kept.weights;
        result_.states = result_.kept.states;
        result_.batch = 0;
    }

    void report_state() {
        if (hooks_.on_state) {
            hooks_.on_state(result_);
        }
    }

    // Of the weights that the model gets; the metrics of an epoch of this run are known.
    Metrics training_metrics() {
        const bool is_best = result_.best.epoch > 0;
        const std::int64_t epoch = is_best ? result_.best.epoch : result_.schedule.epoch;
        if (epoch > completed_before_ && (is_best || result_.batch == 0)) {
            const auto found = std::ranges::find(result_.epochs, epoch, &EpochRecord::epoch);
            if (found != result_.epochs.end()) {
                return found->train;
            }
        }
        return assessor_.assess(*data_.training);
    }

    void finish() {
        assessor_.set_weights(result_.model_weights());
        result_.train = training_metrics();
        if (data_.test) {
            result_.test = assessor_.assess(*data_.test);
            if (!std::isfinite(result_.test->loss)) {
                result_.test_failure = why_not_finite(*data_.test, result_.model_weights());
            }
        }
    }

    const Network& network_;
    const TrainOptions& options_;
    const TrainingSources& data_;
    const TrainHooks& hooks_;
    Diagnostics& diagnostics_;
    std::string skipped_advice_;  // on the first step that this run left out; empty: none was
    bool has_warned_ = false;     // of a loss of the held-out part that is not finite
    Objective objective_;
    ThreadPool pool_;
    TrainSetup setup_;
    Assessor assessor_;
    std::size_t batch_;
    std::unique_ptr<Descent> descent_;
    RateSchedule schedule_;
    double rate_ = 0;  // of the last steps
    Pace pace_;
    std::int64_t completed_before_ = 0;  // epochs, by earlier runs
    std::unique_ptr<SymptomWatch> symptoms_;
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
                  Diagnostics& diagnostics, const TrainHooks& hooks,
                  std::optional<TrainState> from) {
    return train(network, options, sources_of(network, data), diagnostics, hooks, std::move(from));
}

TrainResult train(const Network& network, const TrainOptions& options, const TrainingSources& data,
                  Diagnostics& diagnostics, const TrainHooks& hooks,
                  std::optional<TrainState> from) {
    Training training(network, options, data, hooks, diagnostics);
    if (from) {
        training.go_on(std::move(*from));
    } else {
        training.begin();
    }
    return training.run();
}

}  // namespace chainrule
