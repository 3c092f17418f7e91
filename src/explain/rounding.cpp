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

}  // namespace chainrule
