// Every gradient against five-point central differences, element by element.
#pragma once

#include <string>
#include <vector>

#include "elaborate/network.h"
#include "explain/numbers.h"

namespace chainrule {

struct GradientCheck {
    std::string of;
    std::size_t elements = 0;       // compared, at all points together
    double max_relative_error = 0;  // against the largest element of the gradient
    int points = 0;
};

// At the point that `at` and the file give, if it is complete, else at random points. One entry per
// weight. An error above `gradient_check_tolerance` is a bug of chainrule's.
inline constexpr double gradient_check_tolerance = 1e-6;
std::vector<GradientCheck> check_gradients(const Network& network, const NamedValues& at);

}  // namespace chainrule
