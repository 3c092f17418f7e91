// A line on a terminal that says how far training is and is written over, at most ten times a second:
//
//     epoch 3/50  [=========>                    ]  12/43
//
// Disabled, it writes nothing. Whoever prints to the same terminal calls clear() first.
#pragma once

#include <chrono>
#include <iosfwd>

#include "train/loop.h"

namespace chainrule {

class ProgressBar {
public:
    ProgressBar(std::ostream& out, bool enabled) : out_(out), enabled_(enabled) {}
    ~ProgressBar() { clear(); }
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    void show(const Progress& progress);
    void clear();

private:
    std::ostream& out_;
    bool enabled_;
    bool shown_ = false;
    std::chrono::steady_clock::time_point last_ = {};
};

}  // namespace chainrule
