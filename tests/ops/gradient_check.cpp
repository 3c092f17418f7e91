#include "ops/gradient_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "derive/derive.h"
#include "support/op_problem.h"

namespace chainrule::tests {
namespace {

// Where a tensor of a batch stands, and an element in it.
struct Place {
    std::size_t example;
    std::size_t element;
};

// At most 24 elements of an operand, spread over it.
std::vector<Place> places_of(const Batch& batch) {
    const std::size_t size = batch.front().size();
    const std::size_t count = size * batch.size();
    const std::size_t step = std::max<std::size_t>(1, count / 24);
    std::vector<Place> places;
    for (std::size_t i = 0; i < count; i += step) {
        places.push_back({i / size, i % size});
    }
    return places;
}

double element(const Batch& batch, Place place) {
    return batch[std::min(place.example, batch.size() - 1)].data[place.element];
}

// sum(weights * dtarget/dx) for one element x of `wrt`, with step h.
double slope(const OpProblem& problem, NodeId target, const Batch& weights, NodeId wrt, Place place,
             double h) {
    constexpr std::array<double, 4> at{-2, -1, 1, 2};
    constexpr std::array<double, 4> factor{1, -8, 8, -1};
    BatchBindings moved = problem.values;
    double& x = moved.at(wrt)[place.example].data[place.element];
    const double centre = x;
    std::array<Batch, 4> values;
    for (std::size_t k = 0; k < at.size(); ++k) {
        x = centre + at[k] * h;
        values[k] = evaluate_batch(problem.graph, std::vector{target}, moved, batch_size)[0];
    }
    double sum = 0;
    for (std::size_t e = 0; e < weights.size(); ++e) {
        for (std::size_t i = 0; i < weights[e].size(); ++i) {
            double difference = 0;
            for (std::size_t k = 0; k < at.size(); ++k) {
                difference += factor[k] * values[k][e].data[i];
            }
            sum += weights[e].data[i] * difference / (12 * h);
        }
    }
    return sum;
}

// The mean of the two successive steps that agree best.
double best_slope(const OpProblem& problem, NodeId target, const Batch& weights, NodeId wrt,
                  Place place) {
    double best = std::numeric_limits<double>::quiet_NaN();
    double best_gap = std::numeric_limits<double>::infinity();
    double previous = std::numeric_limits<double>::quiet_NaN();
    for (int power = 4; power <= 14; ++power) {
        const double now = slope(problem, target, weights, wrt, place, std::ldexp(1, -power));
        const double gap = std::abs(now - previous);
        if (gap < best_gap) {
            best_gap = gap;
            best = (now + previous) / 2;
        }
        previous = now;
    }
    return best;
}

// Compares `gradient`, a node, with central differences of sum(weights * target) by `wrt`.
std::optional<std::string> disagreement(const OpProblem& problem, NodeId gradient, NodeId target,
                                        const Batch& weights, NodeId wrt, double bound) {
    const Batch derived = value_of(problem, gradient);
    if (derived.front().shape != problem.graph.type(wrt).shape) {
        return "the gradient has shape " + to_string(derived.front().shape);
    }
    double largest = 1e-3;
    double deviation = 0;
    std::string worst;
    for (const Place place : places_of(problem.values.at(wrt))) {
        const double expected = best_slope(problem, target, weights, wrt, place);
        const double found = element(derived, place);
        largest = std::max({largest, std::abs(expected), std::abs(found)});
        if (!(std::abs(found - expected) <= deviation)) {
            deviation = std::abs(found - expected);
            worst = fmt::format("element {}: {:.17g}, central differences say {:.17g}",
                                place.element, found, expected);
        }
    }
    if (deviation / largest <= bound) {
        return std::nullopt;
    }
    return fmt::format("{} (error {:.1e})", worst, deviation / largest);
}

bool is_arithmetic(const Graph& graph, NodeId id) {
    const auto is_one_of = [&](NodeId node, std::initializer_list<const Op*> ops) {
        return std::ranges::any_of(ops, [&](const Op* op) { return graph.is_op(node, *op); });
    };
    return is_one_of(id, {&add_op, &subtract_op, &multiply_op, &divide_op}) &&
           std::ranges::none_of(graph[id].operands, [&](NodeId operand) {
               return is_one_of(operand, {&less_op, &less_equal_op, &greater_op, &greater_equal_op,
                                          &equal_op, &not_equal_op});
           });
}

// The arithmetic of the gradient formula, without that of the value itself.
std::vector<NodeId> arithmetic_of(const OpProblem& problem, NodeId gradient) {
    const auto forward = reachable(problem.graph, std::vector{problem.y});
    std::vector<NodeId> nodes;
    for (const NodeId id : reachable(problem.graph, std::vector{gradient})) {
        if (!std::ranges::binary_search(forward, id) && is_arithmetic(problem.graph, id)) {
            nodes.push_back(id);
        }
    }
    return nodes;
}

// `root` computed with `replacement` in the place of `target`.
Expr with_replaced(Graph& graph, NodeId root, NodeId target, NodeId replacement) {
    std::unordered_map<NodeId, NodeId> changed{{target, replacement}};
    for (const NodeId id : reachable(graph, std::vector{root})) {
        if (id == target) {
            continue;
        }
        const Node node = graph[id];
        std::vector<NodeId> operands = node.operands;
        bool touched = false;
        for (NodeId& operand : operands) {
            const auto found = changed.find(operand);
            touched |= found != changed.end();
            operand = found == changed.end() ? operand : found->second;
        }
        if (touched) {
            changed.emplace(id, graph.add(*node.op, operands, node.attributes));
        }
    }
    return graph.expr(changed.contains(root) ? changed.at(root) : root);
}

Expr derived_by(OpProblem& problem, std::size_t operand) {
    return pull_back(problem.graph, problem.y, problem.graph.expr(problem.dy),
                     std::vector{problem.x[operand]})
        .gradients[0];
}

Expr spoiled(OpProblem& problem, Expr gradient, const Mutation& mutation) {
    switch (mutation.kind) {
    case Mutation::Kind::none:
        return gradient;
    case Mutation::Kind::flip_sign:
        return -gradient;
    case Mutation::Kind::twice:
        return 2 * gradient;
    case Mutation::Kind::zero:
        return 0 * gradient;
    case Mutation::Kind::drop:
        break;
    }
    const NodeId target = arithmetic_of(problem, gradient.id).at(mutation.node);
    return with_replaced(problem.graph, gradient.id, target,
                         problem.graph[target].operands.at(mutation.kept));
}

}  // namespace

std::string in_words(const Mutation& mutation) {
    switch (mutation.kind) {
    case Mutation::Kind::none:
        return "the rule itself";
    case Mutation::Kind::flip_sign:
        return "the sign flipped";
    case Mutation::Kind::twice:
        return "a factor of 2";
    case Mutation::Kind::zero:
        return "zero";
    case Mutation::Kind::drop:
        break;
    }
    return fmt::format("operation {} replaced by its operand {}", mutation.node, mutation.kept);
}

bool has_rule(const Op& op, const SampleCase& sample, std::size_t operand) {
    return !sample.operands[operand].is_index() &&
           std::holds_alternative<GradientRule>(op.gradient_of(operand));
}

std::size_t droppable_nodes(const Op& op, const SampleCase& sample, std::size_t operand) {
    OpProblem problem = make_problem(op, sample);
    const NodeId gradient = derived_by(problem, operand).id;
    return arithmetic_of(problem, gradient).size();
}

std::optional<std::string> shape_fault(const Op& op, const SampleCase& sample) {
    const OpProblem problem = make_problem(op, sample);
    const Type& type = problem.graph.type(problem.y);
    const Batch value = value_of(problem, problem.y);
    if (value.size() != (type.per_example ? batch_size : 1)) {
        return fmt::format("{} values for a batch", value.size());
    }
    for (const Tensor& tensor : value) {
        const auto count = static_cast<std::size_t>(element_count(type.shape));
        if (tensor.shape != type.shape || tensor.size() != count) {
            return fmt::format("the value has shape {} and {} elements, its type {}",
                               to_string(tensor.shape), tensor.size(), to_string(type));
        }
    }
    return std::nullopt;
}

std::optional<std::string> gradient_fault(const Op& op, const SampleCase& sample,
                                          std::size_t operand, const Mutation& mutation) {
    OpProblem problem = make_problem(op, sample);
    const Expr gradient = spoiled(problem, derived_by(problem, operand), mutation);
    return disagreement(problem, gradient.id, problem.y, problem.values.at(problem.dy),
                        problem.x[operand], gradient_bound);
}

std::optional<std::string> second_gradient_fault(const Op& op, const SampleCase& sample,
                                                 std::size_t operand, std::size_t by) {
    OpProblem problem = make_problem(op, sample);
    const Expr first = derived_by(problem, operand);
    const Expr weights = add_cotangent(problem, "weights", Type(first.type()));
    const Expr second =
        pull_back(problem.graph, first.id, weights, std::vector{problem.x[by]}).gradients[0];
    return disagreement(problem, second.id, first.id, problem.values.at(weights.id), problem.x[by],
                        second_gradient_bound);
}

}  // namespace chainrule::tests
