// A line on a terminal that says how far training is and is written over, at most ten times a
// second:
//
//     epoch 3/50  [===>                ]  18 %  1.24 M rows/s  1:02 left
//
// Bar, rate and time left are those of the whole training; the time spent on metrics counts too.
// Rate and time are told as soon as there is a tenth of a second to judge by. Disabled, it writes
// nothing; it uses no colours. Where the terminal is narrow, the rate is left out, then the bar is
// shorter: a line that wrapped could not be written over. Whoever prints to the same terminal calls
// clear() first.
//
//     ProgressBar bar(std::cerr, isatty(2));
//     hooks.on_batch = [&](const Progress& progress) { bar.show(progress); };
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>

#include "train/loop.h"

namespace chainrule {

class ProgressBar {
public:
    using Clock = std::chrono::steady_clock;

    // `width` is the terminal's, in columns.
    ProgressBar(std::ostream& out, bool enabled, std::size_t width = SIZE_MAX)
        : out_(out), enabled_(enabled), width_(width) {}
    ~ProgressBar() { clear(); }
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    // `now` is a parameter for the tests.
    void show(const Progress& progress, Clock::time_point now = Clock::now());
    void clear();

private:
    struct Pace {
        std::string rate;
        std::string time_left;
    };
    Pace pace(double epochs_done, const Progress& progress, Clock::time_point now) const;

    std::ostream& out_;
    bool enabled_;
    std::size_t width_;
    bool shown_ = false;
    Clock::time_point last_ = {};
    // Where it began to watch: training that is resumed begins behind its first epoch.
    bool watches_ = false;
    Clock::time_point began_ = {};
    double epochs_at_begin_ = 0;
};

}  // namespace chainrule
