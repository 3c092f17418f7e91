#include "train/histogram.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace chainrule {

double Histogram::count() const { return std::accumulate(counts.begin(), counts.end(), 0.0); }

Histogram histogram_of(std::span<const double> numbers, std::size_t buckets) {
    std::vector<double> finite;
    std::ranges::copy_if(numbers, std::back_inserter(finite),
                         [](double x) { return std::isfinite(x); });
    Histogram histogram;
    if (finite.empty()) {
        return histogram;
    }
    const auto [min, max] = std::ranges::minmax(finite);
    histogram.min = min;
    histogram.max = max;
    // Divided first: the difference of two doubles may overflow.
    const double width = max / static_cast<double>(buckets) - min / static_cast<double>(buckets);
    const std::size_t count = width > 0 ? buckets : 1;
    for (std::size_t k = 1; k < count; ++k) {
        histogram.limits.push_back(min + width * static_cast<double>(k));
    }
    histogram.limits.push_back(max);
    histogram.counts.assign(count, 0);
    for (const double x : finite) {
        const double place = count == 1 ? 0 : x / width - min / width;
        ++histogram.counts[std::min(static_cast<std::size_t>(place), count - 1)];
        histogram.sum += x;
        histogram.sum_of_squares += x * x;
    }
    return histogram;
}

}  // namespace chainrule
