#include "train/residual_graph.h"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "derive/derive.h"
#include "ops/build.h"

namespace chainrule {
namespace {

constexpr std::size_t most_elements = 100;

struct Square {
    NodeId residual;
    double coefficient;
};

// Reads a term as squares; false where it is none.
class SquareReader {
public:
    SquareReader(Graph& graph, const Network& network) : graph_(graph), network_(network) {}

    bool read(NodeId id, double coefficient) {
        const Node& node = graph_[id];
        const auto operand = [&](std::size_t i) { return node.operands.at(i); };
        if (node.op == &identity_op || node.op == &per_example_op || node.op == &sum_op) {
            return read(operand(0), coefficient);
        }
        if (node.op == &add_op) {
            return read(operand(0), coefficient) && read(operand(1), coefficient);
        }
        if (node.op == &divide_op) {
            const auto divisor = number(operand(1));
            return divisor && *divisor > 0 && read(operand(0), coefficient / *divisor);
        }
        if (node.op == &power_op && literal_value(graph_, operand(1)) == 2) {
            return keep(operand(0), coefficient);
        }
        if (node.op == &multiply_op || node.op == &dot_op) {
            return read_product(node, coefficient);
        }
        if (const auto* expansion = std::get_if<Expansion>(&node.op->lowering)) {
            return read(expanded(node, *expansion), coefficient);
        }
        return false;
    }

    const std::vector<Square>& squares() const { return squares_; }

private:
    bool keep(NodeId residual, double coefficient) {
        squares_.push_back({residual, coefficient});
        return true;
    }

    bool read_product(const Node& node, double coefficient) {
        const NodeId a = node.operands[0];
        const NodeId b = node.operands[1];
        if (a == b) {
            return keep(a, coefficient);
        }
        for (const auto& [factor, rest] : {std::pair(a, b), std::pair(b, a)}) {
            if (const auto value = number(factor); node.op == &multiply_op && value) {
                return *value > 0 && read(rest, coefficient * *value);
            }
        }
        return false;
    }

    NodeId expanded(const Node& node, Expansion expansion) {
        std::vector<Expr> operands;
        for (const NodeId operand : node.operands) {
            operands.push_back(graph_.expr(operand));
        }
        return expansion(operands, node.attributes).id;
    }

    // Of literals, constants and their products and quotients.
    std::optional<double> number(NodeId id) const {
        if (const auto literal = literal_value(graph_, id)) {
            return literal;
        }
        if (const auto constant = network_.constant_values.find(id);
            constant != network_.constant_values.end() && constant->second.is_scalar()) {
            return constant->second.data[0];
        }
        const Node& node = graph_[id];
        if (node.op == &broadcast_op || node.op == &identity_op || node.op == &per_example_op) {
            return number(node.operands[0]);
        }
        if (node.op == &multiply_op || node.op == &divide_op) {
            const auto a = number(node.operands[0]);
            const auto b = number(node.operands[1]);
            if (a && b) {
                return node.op == &multiply_op ? *a * *b : *a / *b;
            }
        }
        return std::nullopt;
    }

    Graph& graph_;
    const Network& network_;
    std::vector<Square> squares_;
};

// The terms on weights that every example has for itself.
class WeightsApart {
public:
    WeightsApart(Graph& graph, const Network& network, const std::vector<NodeId>& terms)
        : graph_(graph) {
        for (const Weight& weight : network.weights) {
            const Expr apart = call(per_example_op, {graph.expr(weight.node)});
            weights_.push_back(apart.id);
            moved_[weight.node] = apart.id;
        }
        for (const NodeId id : reachable(graph, terms)) {
            move(id);
        }
    }

    const std::vector<NodeId>& weights() const { return weights_; }
    NodeId operator[](NodeId id) const {
        const auto found = moved_.find(id);
        return found == moved_.end() ? id : found->second;
    }

private:
    void move(NodeId id) {
        const Node node = graph_[id];
        std::vector<NodeId> operands;
        for (const NodeId operand : node.operands) {
            operands.push_back((*this)[operand]);
        }
        if (!node.op->is_leaf() && operands != node.operands) {
            moved_[id] = graph_.add(*node.op, operands, node.attributes);
        }
    }

    Graph& graph_;
    std::vector<NodeId> weights_;
    std::map<NodeId, NodeId> moved_;
};

Expr element(Expr flat, std::size_t i) {
    if (flat.type().shape[0] == 1) {
        return reshape(flat, {});
    }
    Tensor chosen = Tensor::filled(flat.type().shape, 0);
    chosen.data[i] = 1;
    return call(dot_op, {flat, literal(*flat.graph, std::move(chosen))});
}

std::vector<NodeId> derivatives_of(Graph& graph, NodeId residual, std::size_t elements,
                                   const std::vector<NodeId>& weights) {
    std::vector<NodeId> derivatives;
    const Expr flat = reshape(graph.expr(residual), Shape{static_cast<std::int64_t>(elements)});
    for (std::size_t i = 0; i < elements; ++i) {
        for (const Expr gradient : derive(graph, element(flat, i).id, weights).gradients) {
            derivatives.push_back(gradient.id);
        }
    }
    return derivatives;
}

[[noreturn]] void refuse(const Graph& graph, NodeId term) {
    throw UserError(
        "levenberg_marquardt needs a sum of squares, and this is none: write (y - f)^2, "
        "squared_error(f, y) or mean_squared_error(f, y), or take another optimizer, such as lbfgs",
        graph.origin(term));
}

std::size_t element_count_of(const Graph& graph, const Square& square, NodeId term) {
    const auto elements =
        static_cast<std::size_t>(element_count(graph.type(square.residual).shape));
    if (elements > most_elements) {
        throw UserError(fmt::format("levenberg_marquardt takes the derivative of each element of a "
                                    "residual, at most {}, and here are {}: take another "
                                    "optimizer, such as lbfgs",
                                    most_elements, elements),
                        graph.origin(term));
    }
    return elements;
}

}  // namespace

ResidualGraph make_residual_graph(const Network& network, const Objective& objective) {
    ResidualGraph result{objective, {}};
    Graph& graph = result.objective.graph;
    const WeightsApart apart(graph, network, objective.terms);
    for (const NodeId term : objective.terms) {
        SquareReader reader(graph, network);
        if (!reader.read(apart[term], 1)) {
            refuse(graph, term);
        }
        for (const Square& square : reader.squares()) {
            const std::size_t elements = element_count_of(graph, square, term);
            result.parts.push_back(
                {.coefficient = square.coefficient,
                 .per_example = objective.graph.type(term).per_example,
                 .value = square.residual,
                 .elements = elements,
                 .derivatives = derivatives_of(graph, square.residual, elements, apart.weights())});
        }
    }
    return result;
}

}  // namespace chainrule
