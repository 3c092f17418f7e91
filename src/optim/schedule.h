// Schedules: the rate of each epoch, PyTorch's (torch.optim.lr_scheduler). One is a record: a name,
// what can be set, and the rate as a function of how many epochs are over.
//
//     RateSchedule schedule(Choice(find_schedule("cosine")->method), {.rate = 0.1, .epochs = 20});
//     schedule.rate(step)          // of a step of the epoch that has begun
//     schedule.end_epoch(loss)
//
// In the first `warmup` steps of training the rate rises in a straight line: times (step + 1) /
// warmup.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "optim/setting.h"

namespace chainrule {

// What a schedule looks at and keeps.
struct ScheduleState {
    double rate = 0;                                        // now
    std::int64_t epoch = 0;                                 // that are over
    double best = std::numeric_limits<double>::infinity();  // the smallest loss
    std::int64_t waited = 0;                                // epochs without a smaller one

    friend bool operator==(const ScheduleState&, const ScheduleState&) = default;
};

struct ScheduleFrame {
    double rate = 0;          // the one to begin with
    std::int64_t epochs = 1;  // of the whole training
    std::int64_t warmup = 0;  // steps
};

struct ScheduleKind {
    Method method;
    // The rate of the next epoch; `loss` is that of the epoch that is over, `state` counts it
    // already.
    double (*next)(const Choice& choice, const ScheduleFrame& frame, ScheduleState& state,
                   double loss);
};

const std::vector<const ScheduleKind*>& schedules();
const ScheduleKind* find_schedule(std::string_view name);

// Whether the rates depend on how many epochs there will be (cosine, unless it is told over how
// many).
bool depends_on_epochs(const Choice& schedule);

class RateSchedule {
public:
    RateSchedule(Choice choice, const ScheduleFrame& frame);

    // Of a step, counted from 0 over all epochs.
    double rate(std::int64_t step) const;
    // Whether the next step has another rate within the same epoch.
    bool is_warming(std::int64_t step) const { return step < frame_.warmup; }
    void end_epoch(double loss);

    const ScheduleState& state() const { return state_; }
    void set_state(const ScheduleState& state) { state_ = state; }

private:
    Choice choice_;
    ScheduleFrame frame_;
    ScheduleState state_;
};

}  // namespace chainrule
