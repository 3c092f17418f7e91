#include "train/hidden_units.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "ops/op_list.h"

namespace chainrule {
namespace {

bool is_activation(const Op* op) {
    constexpr std::array activations{&relu_op, &relu6_op,      &sigmoid_op,  &tanh_op, &gelu_op,
                                     &silu_op, &leaky_relu_op, &softplus_op, &elu_op,  &selu_op};
    return std::ranges::find(activations, op) != activations.end();
}

bool is_product(const Op* op) {
    constexpr std::array products{&matmul_op, &batch_matmul_op, &dot_op, &outer_op, &multiply_op};
    return std::ranges::find(products, op) != products.end();
}

class Finder {
public:
    explicit Finder(const Network& network)
        : graph_(network.graph), nodes_(reachable(graph_, std::vector<NodeId>{network.loss})) {
        for (const Weight& weight : network.weights) {
            weights_.insert(weight.node);
        }
        for (const NodeId id : nodes_) {
            for (const NodeId operand : graph_[id].operands) {
                users_[operand].push_back(id);
            }
            const bool is_weight = weights_.contains(id);
            if (is_weight || any_operand(id, has_weight_)) {
                has_weight_.insert(id);
            }
        }
        find_taken_further();
    }

    std::vector<HiddenUnits> run() const {
        std::vector<HiddenUnits> found;
        for (const NodeId id : nodes_) {
            if (!is_hidden(id)) {
                continue;
            }
            const NodeId weight = leading_weight(id);
            const NodeId before = graph_[id].operands[0];
            found.push_back(
                {.node = id,
                 .activation = graph_[id].op,
                 .name = name_of(id, weight),
                 .count = static_cast<std::size_t>(element_count(graph_.type(id).shape)),
                 .weight = weight,
                 .before = before,
                 .bias = bias_in(before),
                 .is_gate = graph_.is_op(id, sigmoid_op) && is_gate(id)});
        }
        return found;
    }

private:
    bool any_operand(NodeId id, const std::set<NodeId>& among) const {
        return std::ranges::any_of(graph_[id].operands,
                                   [&](NodeId operand) { return among.contains(operand); });
    }

    // Whether a weight, or what is made of weights alone, multiplies an operand that examples have.
    bool is_weighted_product(NodeId id) const {
        const std::vector<NodeId>& operands = graph_[id].operands;
        const auto is_shared = [&](NodeId operand) { return !graph_.type(operand).per_example; };
        return is_product(graph_[id].op) &&
               std::ranges::any_of(operands,
                                   [&](NodeId operand) {
                                       return has_weight_.contains(operand) &&
                                              comes_from_shared(operand);
                                   }) &&
               !std::ranges::all_of(operands, is_shared);
    }

    // A broadcast weight may be of each example.
    bool comes_from_shared(NodeId id) const {
        while (graph_.type(id).per_example && graph_[id].operands.size() == 1) {
            id = graph_[id].operands[0];
        }
        return !graph_.type(id).per_example;
    }

    // From the loss down: an operand of a weighted product, or of what is taken further itself.
    void find_taken_further() {
        for (auto id = nodes_.rbegin(); id != nodes_.rend(); ++id) {
            if (taken_further_.contains(*id) || is_weighted_product(*id)) {
                const std::vector<NodeId>& operands = graph_[*id].operands;
                taken_further_.insert(operands.begin(), operands.end());
            }
        }
    }

    bool is_hidden(NodeId id) const {
        return is_activation(graph_[id].op) && graph_.type(id).per_example &&
               has_weight_.contains(id) && taken_further_.contains(id);
    }

    NodeId leading_weight(NodeId id) const {
        std::optional<NodeId> greatest;
        std::set<NodeId> seen{id};
        std::vector<NodeId> open(graph_[id].operands);
        while (!open.empty()) {
            const NodeId next = open.back();
            open.pop_back();
            if (!seen.insert(next).second || !has_weight_.contains(next) || is_hidden(next)) {
                continue;
            }
            if (weights_.contains(next) && (!greatest || is_greater(next, *greatest))) {
                greatest = next;
            }
            open.insert(open.end(), graph_[next].operands.begin(), graph_[next].operands.end());
        }
        return greatest.value_or(*weights_.begin());
    }

    bool is_made_of_weights(NodeId id) const {
        return has_weight_.contains(id) && comes_from_shared(id);
    }

    // Among the summands of a value.
    std::optional<Bias> bias_in(NodeId before) const {
        std::vector<NodeId> open{before};
        while (!open.empty()) {
            const NodeId id = open.back();
            open.pop_back();
            if (is_made_of_weights(id)) {
                return Bias{id, weights_.contains(id) ? id : leading_weight(id)};
            }
            if (graph_.is_op(id, add_op)) {
                open.insert(open.end(), graph_[id].operands.begin(), graph_[id].operands.end());
            }
        }
        return std::nullopt;
    }

    bool is_gate(NodeId id) const {
        const auto users = users_.find(id);
        return users != users_.end() && std::ranges::any_of(users->second, [&](NodeId user) {
                   const auto is_of_examples = [&](NodeId operand) {
                       return operand != id && !comes_from_shared(operand);
                   };
                   const bool has_other =
                       std::ranges::any_of(graph_[user].operands, is_of_examples);
                   const bool is_passed_on = graph_[user].op->is_view() ||
                                             (graph_.is_op(user, subtract_op) && !has_other);
                   return (graph_.is_op(user, multiply_op) && has_other) ||
                          (is_passed_on && is_gate(user));
               });
    }

    bool is_greater(NodeId a, NodeId b) const {
        const Shape& one = graph_.type(a).shape;
        const Shape& other = graph_.type(b).shape;
        return std::pair(one.size(), element_count(one)) >
               std::pair(other.size(), element_count(other));
    }

    std::string name_of(NodeId id, NodeId weight) const {
        return graph_.is_named(id)
                   ? graph_.name(id)
                   : std::string(graph_[id].op->name) + " behind " + graph_.name(weight);
    }

    const Graph& graph_;
    std::vector<NodeId> nodes_;
    std::set<NodeId> weights_;
    std::map<NodeId, std::vector<NodeId>> users_;
    std::set<NodeId> has_weight_;     // depends on a weight
    std::set<NodeId> taken_further_;  // by a product with a weight
};

}  // namespace

std::vector<HiddenUnits> hidden_units(const Network& network) { return Finder(network).run(); }

}  // namespace chainrule
