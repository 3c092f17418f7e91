// How many steps to take between two looks at the clock, at Ctrl-C and at the numbers: as many as
// take about a fiftieth of a second.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace chainrule {

class Pace {
public:
    std::size_t steps() const { return steps_; }

    // Runs `work`, which takes that many steps.
    template <class Work>
    void time(std::size_t steps, const Work& work) {
        const auto start = std::chrono::steady_clock::now();
        work();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        constexpr double wanted = 0.02;
        const double each = std::max(took.count(), 1e-9) / static_cast<double>(steps);
        const auto fitting = static_cast<std::size_t>(std::min(wanted / each, 1e6));
        // The first steps warm caches up: the pace doubles at most.
        steps_ = std::clamp<std::size_t>(fitting, 1, 2 * steps_);
    }

private:
    std::size_t steps_ = 1;
};

}  // namespace chainrule
