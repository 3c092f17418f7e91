#include "explain/random_point.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "ir/random.h"
#include "ops/build.h"
#include "passes/told_places.h"

namespace chainrule {
namespace {

constexpr std::array<Interval, 4> ranges{{{-1.5, 1.5}, {0.1, 0.9}, {-0.9, 0.9}, {1.1, 2.5}}};

Interval range_of(const Graph& graph, NodeId leaf, std::uint64_t attempt) {
    const bool target = std::get<std::string>(graph[leaf].attributes[0]) == "target";
    return target ? Interval{0.05, 0.95} : ranges[attempt % ranges.size()];
}

}  // namespace

Tensor random_value(const Graph& graph, NodeId leaf, std::uint64_t seed, std::uint64_t attempt) {
    const Type& type = graph.type(leaf);
    const RandomStream stream(seed, stream_id("point " + graph.name(leaf), attempt));
    const Interval range = range_of(graph, leaf, attempt);
    const bool is_given = std::get<std::string>(graph[leaf].attributes[0]) != "weight";
    const auto places = is_given ? places_told_by(graph, leaf) : std::nullopt;
    const auto classes =
        static_cast<std::uint64_t>(places.value_or(std::max<std::int64_t>(type.classes, 2)));
    Tensor value = Tensor::filled(type.shape, 0);
    for (std::size_t i = 0; i < value.data.size(); ++i) {
        value.data[i] = type.is_index() || places ? static_cast<double>(stream.below(i, classes))
                                                  : stream.uniform(i, range.low, range.high);
    }
    return value;
}

Bindings random_point(const Graph& graph, std::span<const NodeId> roots, std::uint64_t seed,
                      std::uint64_t attempt, const Bindings& fixed) {
    Bindings point = fixed;
    for (const NodeId id : reachable(graph, roots)) {
        if (graph.is_op(id, leaf_op) && !point.contains(id)) {
            point.emplace(id, random_value(graph, id, seed, attempt));
        }
    }
    return point;
}

bool is_finite(const Tensor& tensor) {
    return std::ranges::all_of(tensor.data, [](double value) { return std::isfinite(value); });
}

}  // namespace chainrule
