#include "optim/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace chainrule {
namespace {

const ScheduleKind constant_schedule{.method = {"constant", {}},
                                     .next = [](const Choice&, const ScheduleFrame& frame,
                                                ScheduleState&, double) { return frame.rate; }};

// rate * gamma^floor(epoch / every)
const ScheduleKind step_schedule{
    .method = {"step", {{"every", &counting_number}, {"gamma", &positive_number, 0.1}}},
    .next = [](const Choice& choice, const ScheduleFrame& frame, ScheduleState& state, double) {
        const double drops = std::floor(static_cast<double>(state.epoch) / choice["every"]);
        return frame.rate * std::pow(choice["gamma"], drops);
    }};

// rate * gamma^epoch
const ScheduleKind exponential_schedule{
    .method = {"exponential", {{"gamma", &positive_number}}},
    .next = [](const Choice& choice, const ScheduleFrame& frame, ScheduleState& state, double) {
        return frame.rate * std::pow(choice["gamma"], static_cast<double>(state.epoch));
    }};

// final + (rate - final) * (1 + cos(pi * epoch / epochs)) / 2; after that many epochs it stays at
// the end. 0 epochs: all of the training.
const ScheduleKind cosine_schedule{
    .method = {"cosine", {{"epochs", &whole_number, 0}, {"final", &number_from_0, 0}}},
    .next = [](const Choice& choice, const ScheduleFrame& frame, ScheduleState& state, double) {
        const double epochs =
            choice["epochs"] > 0 ? choice["epochs"] : static_cast<double>(frame.epochs);
        const double part = std::min(1.0, static_cast<double>(state.epoch) / epochs);
        const double final = choice["final"];
        return final + (frame.rate - final) * (1 + std::cos(std::numbers::pi * part)) / 2;
    }};

// The rate times `factor` once more than `patience` epochs brought no loss below best * (1 -
// threshold).
const ScheduleKind plateau_schedule{
    .method = {"plateau",
               {{"factor", &number_below_1, 0.1},
                {"patience", &whole_number, 10},
                {"threshold", &number_below_1, 1e-4},
                {"final", &number_from_0, 0}}},
    .next = [](const Choice& choice, const ScheduleFrame&, ScheduleState& state, double loss) {
        if (loss < state.best * (1 - choice["threshold"])) {
            state.best = loss;
            state.waited = 0;
        } else if (static_cast<double>(++state.waited) > choice["patience"]) {
            state.waited = 0;
            return std::max(state.rate * choice["factor"], choice["final"]);
        }
        return state.rate;
    }};

}  // namespace

const std::vector<const ScheduleKind*>& schedules() {
    static const std::vector<const ScheduleKind*> all{&constant_schedule, &step_schedule,
                                                      &exponential_schedule, &cosine_schedule,
                                                      &plateau_schedule};
    return all;
}

const ScheduleKind* find_schedule(std::string_view name) {
    for (const ScheduleKind* schedule : schedules()) {
        if (schedule->method.name == name) {
            return schedule;
        }
    }
    return nullptr;
}

bool depends_on_epochs(const Choice& schedule) {
    return schedule.method().setting("epochs") != nullptr && schedule["epochs"] == 0;
}

RateSchedule::RateSchedule(Choice choice, const ScheduleFrame& frame)
    : choice_(std::move(choice)), frame_(frame) {
    state_.rate = frame.rate;
}

double RateSchedule::rate(std::int64_t step) const {
    if (!is_warming(step)) {
        return state_.rate;
    }
    return state_.rate * (static_cast<double>(step) + 1) / static_cast<double>(frame_.warmup);
}

void RateSchedule::end_epoch(double loss) {
    ++state_.epoch;
    state_.rate = find_schedule(choice_.name())->next(choice_, frame_, state_, loss);
}

}  // namespace chainrule
