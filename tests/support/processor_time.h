// The processor's time that this program has taken since: a bound on it holds on a busy machine
// too.
#pragma once

#include <ctime>

namespace chainrule::tests {

class ProcessorTime {
public:
    double seconds() const { return static_cast<double>(std::clock() - start_) / CLOCKS_PER_SEC; }

private:
    std::clock_t start_ = std::clock();
};

}  // namespace chainrule::tests
