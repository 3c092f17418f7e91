#include "support/slopes.h"

#include <cmath>
#include <limits>

#include "ir/random.h"

namespace chainrule::tests {

double slope(const std::function<double(double)>& f) {
    double best = std::numeric_limits<double>::quiet_NaN();
    double best_gap = std::numeric_limits<double>::infinity();
    double previous = std::numeric_limits<double>::quiet_NaN();
    for (int power = 6; power <= 14; ++power) {
        const double h = std::ldexp(1, -power);
        const double now = ((f(-2 * h) - f(2 * h)) - 8 * (f(-h) - f(h))) / (12 * h);
        const double gap = std::abs(now - previous);
        if (gap < best_gap) {
            best_gap = gap;
            best = (now + previous) / 2;
        }
        previous = now;
    }
    return best;
}

double slope_along(const Graph& graph, NodeId target, const BatchBindings& at,
                   std::size_t batch_size, NodeId by, const Batch& direction) {
    BatchBindings moved = at;
    return slope([&](double t) {
        Batch& place = moved.at(by);
        for (std::size_t e = 0; e < place.size(); ++e) {
            for (std::size_t i = 0; i < place[e].size(); ++i) {
                place[e].data[i] = at.at(by)[e].data[i] + t * direction[e].data[i];
            }
        }
        return evaluate_batch(graph, std::vector{target}, moved, batch_size)[0][0].data[0];
    });
}

Batch random_direction(const Batch& like, std::uint64_t seed, std::string_view name) {
    const RandomStream random(seed, stream_id(name));
    Batch direction = like;
    std::uint64_t next = 0;
    for (Tensor& tensor : direction) {
        for (double& value : tensor.data) {
            value = random.uniform(next++, -1, 1);
        }
    }
    return direction;
}

double inner_product(const Batch& a, const Batch& b) {
    double sum = 0;
    for (std::size_t e = 0; e < a.size(); ++e) {
        for (std::size_t i = 0; i < a[e].size(); ++i) {
            sum += a[e].data[i] * b.at(e).data.at(i);
        }
    }
    return sum;
}

}  // namespace chainrule::tests
