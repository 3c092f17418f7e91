#include "explain/rounding.h"

#include <cmath>
#include <limits>

namespace chainrule {

double rounding_error(const Graph& graph, std::span<const DerivationStep> steps,
                      std::span<const NodeId> roots, const Bindings& point) {
    const auto values = evaluate_all(graph, roots, point);
    double sum = 0;
    for (const DerivationStep& step : steps) {
        const auto value = values.find(step.node);
        const auto cotangent = values.find(step.cotangent);
        if (value == values.end() || cotangent == values.end()) {
            continue;  // nothing that the roots need goes through it
        }
        const Tensor& v = value->second;
        const Tensor& dv = cotangent->second;
        for (std::size_t i = 0; i < v.data.size() && i < dv.data.size(); ++i) {
            sum += std::abs(v.data[i] * dv.data[i]);
        }
    }
    return sum * std::numeric_limits<double>::epsilon() / 2;
}

bool difference_is_wrong(const std::function<double(double)>& difference, double h, double expected,
                         double rounding_error) {
    // A difference takes four values, of weight 8/12 and 1/12 on either side of the point.
    const auto noise = [&](double step) { return 3 * rounding_error / step; };
    const double off = std::abs(difference(h) - expected);
    if (!(off > noise(h))) {
        return true;
    }
    for (double step = h / 4; noise(step) < 0.1 * off && step > 1e-14; step /= 4) {
        if (std::abs(difference(step) - expected) < 0.1 * off) {
            return true;
        }
    }
    return false;
}

}  // namespace chainrule
