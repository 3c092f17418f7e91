#include "train/initialise.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <string>

#include "ir/random.h"

namespace chainrule {
namespace {

using InitialiserKind = Initialiser::Kind;

// Every initialiser is of one of two families; a number that is the same everywhere is normal with
// deviation 0.
struct Distribution {
    enum class Family : std::uint8_t { uniform, normal };
    Family family;
    double a;  // uniform: low; normal: mean
    double b;  // uniform: high; normal: standard deviation
};

Distribution uniform(double low, double high) { return {Distribution::Family::uniform, low, high}; }
Distribution normal(double mean, double deviation) {
    return {Distribution::Family::normal, mean, deviation};
}

Distribution distribution_of(const Initialiser& initialiser, double fan_in, double fan_out) {
    const double mean_fan = (fan_in + fan_out) / 2;
    switch (initialiser.kind) {
    case InitialiserKind::zeros:
        return normal(0, 0);
    case InitialiserKind::constant:
        return normal(initialiser.a, 0);
    case InitialiserKind::uniform:
        return uniform(initialiser.a, initialiser.b);
    case InitialiserKind::normal:
        return normal(initialiser.a, initialiser.b);
    case InitialiserKind::xavier_uniform:
        return uniform(-std::sqrt(3 / mean_fan), std::sqrt(3 / mean_fan));
    case InitialiserKind::xavier_normal:
        return normal(0, std::sqrt(1 / mean_fan));
    case InitialiserKind::he_uniform:
        return uniform(-std::sqrt(6 / fan_in), std::sqrt(6 / fan_in));
    case InitialiserKind::he_normal:
        return normal(0, std::sqrt(2 / fan_in));
    }
    throw InternalError("an initialiser of no kind");
}

void check(const Distribution& distribution, const std::string& name, Span span) {
    const auto [family, a, b] = distribution;
    if (!std::isfinite(a) || !std::isfinite(b) || !std::isfinite(b - a)) {
        throw UserError("the initialiser of " + name + " needs finite numbers", span);
    }
    if (family == Distribution::Family::uniform && !(a < b)) {
        throw UserError(
            fmt::format("the initialiser of {} is uniform from {} to {}: the first number "
                        "must be the smaller one",
                        name, format_number(a), format_number(b)),
            span);
    }
    if (family == Distribution::Family::normal && b < 0) {
        throw UserError(fmt::format("the initialiser of {} has the negative standard deviation {}",
                                    name, format_number(b)),
                        span);
    }
}

double draw(const Distribution& distribution, const RandomStream& stream, std::uint64_t index) {
    const auto [family, a, b] = distribution;
    return family == Distribution::Family::uniform ? stream.uniform(index, a, b)
           : b == 0                                ? a
                                                   : a + b * stream.normal(index);
}

}  // namespace

Tensor draw_tensor(const Initialiser& initialiser, const std::string& name, const Shape& shape,
                   std::int64_t fan_in, std::int64_t fan_out, std::uint64_t seed) {
    const Distribution distribution =
        distribution_of(initialiser, static_cast<double>(fan_in), static_cast<double>(fan_out));
    check(distribution, name, initialiser.span);
    const RandomStream stream(seed, stream_id("weight " + name));
    Tensor tensor = Tensor::filled(shape, 0);
    for (std::size_t i = 0; i < tensor.data.size(); ++i) {
        tensor.data[i] = draw(distribution, stream, i);
    }
    return tensor;
}

std::vector<Tensor> initial_weights(const Network& network, std::uint64_t seed,
                                    Diagnostics& diagnostics) {
    constexpr Initialiser unsaid{.kind = InitialiserKind::xavier_uniform, .span = {}};
    std::vector<Tensor> values;
    std::vector<std::string> undeclared;
    for (const Weight& weight : network.weights) {
        const std::string& name = network.graph.name(weight.node);
        if (weight.value) {
            values.push_back(*weight.value);
            continue;
        }
        if (!weight.initialiser) {
            undeclared.push_back(name);
        }
        values.push_back(draw_tensor(weight.initialiser.value_or(unsaid), name,
                                     network.graph.type(weight.node).shape, weight.fan_in,
                                     weight.fan_out, seed));
    }
    if (!undeclared.empty()) {
        const Span place = network.graph.origin(*network.graph.find(undeclared.front()));
        diagnostics.warning(
            place,
            fmt::format("{} declared without a value: drawn by xavier_uniform; to choose, "
                        "write `weight {} = 0.5` or `weight {} ~ he_normal`",
                        undeclared.size() == 1 ? undeclared.front() + " is"
                                               : fmt::format("{} are", fmt::join(undeclared, ", ")),
                        undeclared.front(), undeclared.front()));
    }
    return values;
}

}  // namespace chainrule
