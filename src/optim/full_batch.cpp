#include "optim/full_batch.h"

#include <cmath>
#include <numeric>

namespace chainrule {

double inner_product(std::span<const double> a, std::span<const double> b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

double length(std::span<const double> x) {
    const double largest = largest_size(x);
    if (largest == 0 || !std::isfinite(largest)) {
        return largest;
    }
    // Scaled, so that no square overflows or vanishes.
    double sum = 0;
    for (const double value : x) {
        sum += value / largest * (value / largest);
    }
    return largest * std::sqrt(sum);
}

double largest_size(std::span<const double> x) {
    double largest = 0;
    for (const double value : x) {
        if (std::isnan(value)) {
            return value;
        }
        largest = std::max(largest, std::abs(value));
    }
    return largest;
}

void add_multiple(std::span<double> y, double a, std::span<const double> x) {
    for (std::size_t i = 0; i < y.size(); ++i) {
        y[i] += a * x[i];
    }
}

}  // namespace chainrule
