// When a training is saved while it runs: at the end of an epoch, once `every` seconds have passed
// since the last time; within an epoch, where the file takes twice the room, once ten times as many
// have. What saving takes is kept below a twentieth of the time. With 0 seconds it is saved
// whenever there is anything new.
//
// A save that fails is a warning, and the next one is tried: the file before it is whole, and
// training is worth more than the warning. The last one is an error as any other.
//
//     CheckpointWriter writer([&](const TrainState& state) { save_checkpoint(...); }, 5, context);
//     hooks.on_state = [&](const TrainState& state) { writer.offer(state); };
#pragma once

#include <chrono>
#include <functional>

#include "cli/command.h"
#include "train/train_state.h"

namespace chainrule {

class CheckpointWriter {
public:
    using Save = std::function<void(const TrainState&)>;

    CheckpointWriter(Save save, double every, CommandContext& context)
        : save_(std::move(save)), every_(every), context_(context) {}

    // Saves, if it is time.
    void offer(const TrainState& state);

private:
    using Clock = std::chrono::steady_clock;

    bool is_due(const TrainState& state) const;
    void warn(std::vector<Diagnostic> diagnostics);

    Save save_;
    std::chrono::duration<double> every_;
    CommandContext& context_;
    std::string refusal_;  // the last one, which is said once
    Clock::time_point last_ = Clock::now();
    std::chrono::duration<double> cost_ = {};  // of the last save
};

}  // namespace chainrule
