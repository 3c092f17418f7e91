// Where training takes its examples from: a data set in memory, or a stream of one that is not
// (train/streamed_source.h).
//
// Steps are taken on rows of a window, a data set whose blocks stay where they are in memory while
// its rows are filled anew. Of data in memory the window is all of it, and an epoch takes its rows
// in the order of epoch_order (data/split.h).
//
//     source.start_epoch(seed, epoch);
//     for (auto rows = source.take(steps, batch); !rows.empty(); rows = source.take(steps, batch))
//         descent->run(rows, batch);                       // made for source.window()
//     source.visit([&](const Dataset& part) { ... });      // all examples in their order
//
// To go on from the middle of an epoch: start it and take as many rows as had been taken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "data/dataset.h"
#include "train/answer_rule.h"

namespace chainrule {

class ExampleSource {
public:
    virtual ~ExampleSource() = default;

    // Of an epoch.
    virtual std::size_t rows() const = 0;
    virtual const Dataset& window() const = 0;
    // So many first rows of the window are filled once an epoch has been started.
    virtual std::size_t filled() const { return window().rows; }

    // What an epoch takes is a function of the seed and its number.
    virtual void start_epoch(std::uint64_t seed, std::uint64_t epoch) = 0;
    // The window's rows for the next steps of the epoch, at most so many and at least one: whole
    // batches, but for the epoch's last; none at its end. They stay as they are until the next
    // call.
    virtual std::span<const std::size_t> take(std::size_t steps, std::size_t batch) = 0;

    // How many scores a measure of all examples may keep (train/class_scores.h).
    virtual std::size_t most_scores() const = 0;

    using Visitor = std::function<void(const Dataset& part)>;
    virtual void visit(const Visitor& visitor) const = 0;
};

// Refers to the data.
std::unique_ptr<ExampleSource> source_in_memory(const Dataset& data);

struct TrainingSources {
    std::unique_ptr<ExampleSource> training;
    std::unique_ptr<ExampleSource> validation;  // may be null, as may the next
    std::unique_ptr<ExampleSource> test;
    AnswerKind answer = AnswerKind::none;  // by the targets of the training part
};

}  // namespace chainrule
