#include "explain/gradient_check.h"

#include <algorithm>
#include <cmath>

#include "derive/derive.h"
#include "explain/explain.h"
#include "explain/held.h"
#include "explain/numbers.h"
#include "explain/random_point.h"
#include "explain/rounding.h"

namespace chainrule {
namespace {

constexpr int random_points = 5;
constexpr std::size_t max_elements = 256;  // of one weight at one point

class GradientChecker {
public:
    GradientChecker(const Network& network, const std::vector<NodeId>& wrt)
        : graph_(network.graph), objective_(network.objective) {
        roots_ = {objective_};
        Derivation derivation = derive(graph_, objective_, wrt);
        steps_ = std::move(derivation.steps);
        for (const Expr& gradient : derivation.gradients) {
            roots_.push_back(gradient.id);
        }
        held_ = hold_stopped(graph_, objective_);
        drawn_ = roots_;
        drawn_.insert(drawn_.end(), wrt.begin(), wrt.end());  // one may not reach the objective
    }

    const Graph& graph() const { return graph_; }
    // How many elements of each weight can be compared at each of `points` points.
    std::size_t elements(int points) const {
        const double comparison = 8 * evaluation_cost(graph_, roots_);
        const double weights = static_cast<double>(roots_.size() - 1) * points;
        const double affordable = evaluation_budget / (comparison * std::max(weights, 1.0));
        return static_cast<std::size_t>(
            std::clamp(affordable, 1.0, static_cast<double>(max_elements)));
    }

    // What a point has values for.
    std::span<const NodeId> drawn() const { return drawn_; }

    // The objective and the gradients.
    std::vector<Tensor> at(const Bindings& point) const { return evaluate(graph_, roots_, point); }

    // `point` for `difference`.
    Bindings held(Bindings point) const { return held_.at(graph_, std::move(point)); }

    // The five-point formula on element i of `weight`; nothing where two step sizes disagree: a
    // kink.
    std::optional<double> difference(Bindings& point, NodeId weight, std::size_t i) const {
        const double h = step_of(point, weight, i);
        const double fine = difference(point, weight, i, h);
        const double coarse = difference(point, weight, i, 2 * h);
        const double scale = std::max({std::abs(fine), std::abs(coarse), 1e-3});
        return std::abs(fine - coarse) < 1e-6 * scale ? std::optional(fine) : std::nullopt;
    }

    // Whether a gradient that disagrees with a difference is right for all that.
    bool is_vindicated(Bindings& point, NodeId weight, std::size_t i, double gradient) const {
        return difference_is_wrong([&](double step) { return difference(point, weight, i, step); },
                                   step_of(point, weight, i), gradient,
                                   rounding_error(graph_, steps_, roots_, point));
    }

private:
    static double step_of(const Bindings& point, NodeId weight, std::size_t i) {
        return 1e-3 * std::max(1.0, std::abs(point.at(weight).data[i]));
    }

    double difference(Bindings& point, NodeId weight, std::size_t i, double h) const {
        double& element = point.at(weight).data[i];
        const double x = element;
        const auto f = [&](double moved) {
            element = moved;
            const NodeId root[] = {held_.objective};
            return evaluate(graph_, root, point)[0].data[0];
        };
        const double slope = (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h);
        element = x;
        return slope;
    }

    Graph graph_;
    NodeId objective_;
    Held held_;
    std::vector<DerivationStep> steps_;
    std::vector<NodeId> roots_;
    std::vector<NodeId> drawn_;
};

double largest(const Tensor& tensor) {
    double result = 1e-3;
    for (const double value : tensor.data) {
        result = std::max(result, std::abs(value));
    }
    return result;
}

void compare(const GradientChecker& checker, Bindings& point, NodeId weight, const Tensor& gradient,
             std::size_t elements, GradientCheck& check) {
    const std::size_t stride = (gradient.data.size() + elements - 1) / elements;
    for (std::size_t i = 0; i < gradient.data.size(); i += stride) {
        if (const auto slope = checker.difference(point, weight, i)) {
            const double error = std::abs(*slope - gradient.data[i]) / largest(gradient);
            if (error > gradient_check_tolerance &&
                checker.is_vindicated(point, weight, i, gradient.data[i])) {
                continue;
            }
            check.max_relative_error = std::max(check.max_relative_error, error);
            ++check.elements;
        }
    }
    ++check.points;
}

}  // namespace

std::vector<GradientCheck> check_gradients(const Network& network, const NamedValues& at) {
    const std::vector<NodeId> wrt = derive_by(network, {});
    const GradientChecker checker(network, wrt);
    std::vector<GradientCheck> checks;
    for (const NodeId id : wrt) {
        checks.push_back({network.graph.name(id), 0, 0, 0});
    }
    const Bindings given = given_values(network, at);
    const bool complete = computable_nodes(network.graph, given)[network.objective.index];
    if (!is_evaluable(checker.graph(), checker.drawn())) {
        throw UnsupportedError("checking gradients of tensors of more than 2^24 elements");
    }
    int wanted = complete ? 1 : random_points;
    if (10 * wanted * evaluation_cost(checker.graph(), checker.drawn()) > evaluation_budget) {
        wanted = 1;
    }
    const std::size_t elements = checker.elements(wanted);
    for (int attempt = 0, found = 0; attempt < 10 * wanted && found < wanted; ++attempt) {
        Bindings point = random_point(checker.graph(), checker.drawn(), 0,
                                      static_cast<std::uint64_t>(attempt), given);
        const std::vector<Tensor> values = checker.at(point);
        if (!std::ranges::all_of(values, is_finite)) {
            continue;
        }
        ++found;
        point = checker.held(std::move(point));
        for (std::size_t i = 0; i < wrt.size(); ++i) {
            compare(checker, point, wrt[i], values[i + 1], elements, checks[i]);
        }
    }
    return checks;
}

}  // namespace chainrule
