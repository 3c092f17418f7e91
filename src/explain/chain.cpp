#include "explain/chain.h"

#include <algorithm>
#include <cctype>

#include "derive/derive.h"
#include "notation/formula.h"
#include "ops/build.h"

namespace chainrule {
namespace {

// A cotangent used in one place only is put in there, unless it is longer than this.
constexpr std::size_t max_inlined_size = 24;

std::string digits_at_end(const std::string& name) {
    std::size_t begin = name.size();
    while (begin > 0 && std::isdigit(static_cast<unsigned char>(name[begin - 1])) != 0) {
        --begin;
    }
    return name.substr(begin);
}

class ChainBuilder {
public:
    ChainBuilder(const Network& network, std::span<const NodeId> wrt) : wrt_(wrt) {
        chain_.graph = network.graph;
        chain_.equations = equations_of(chain_.graph, network.objective);
        chain_.active = between(chain_.equations, wrt);
        std::ranges::copy_if(network.equations, std::back_inserter(chain_.names),
                             [&](NodeId id) { return id != network.objective; });
        counts_ = count_paths(chain_.equations);
    }

    Chain build() {
        chain_.written_out = can_be_written_out();
        if (!chain_.written_out) {
            name_cotangents();
        }
        go_back();
        for (const NodeId id : wrt_) {
            chain_.gradients.push_back(gradient(id));
        }
        return std::move(chain_);
    }

private:
    Graph& graph() { return chain_.graph; }

    bool can_be_written_out() {
        const bool scalars = std::ranges::all_of(chain_.active, [&](NodeId id) {
            return !counts_.contains(id) || graph()[id].op->is_leaf() ||
                   graph().type(id).is_scalar();
        });
        return scalars && std::ranges::all_of(wrt_, [&](NodeId id) {
                   return counts_[id].paths <= max_paths && counts_[id].longest <= max_path_length;
               });
    }

    bool is_sent_to_several(NodeId id) const {
        const auto operands = chain_.equations.operands.find(id);
        return operands != chain_.equations.operands.end() && operands->second.size() > 1;
    }

    // delta2 for z2, where no other cotangent's name would end in 2, else delta_z2.
    void name_cotangents() {
        std::map<std::string, int> endings;
        std::vector<NodeId> candidates;
        for (const NodeId id : chain_.equations.order) {
            if (chain_.active.contains(id) && id != chain_.equations.objective &&
                !graph()[id].op->is_leaf()) {
                candidates.push_back(id);
                endings[digits_at_end(graph().name(id))] += is_sent_to_several(id);
            }
        }
        for (const NodeId id : candidates) {
            const std::string& name = graph().name(id);
            const std::string ending = digits_at_end(name);
            const bool plain = !ending.empty() && is_sent_to_several(id) && endings[ending] == 1 &&
                               name.find('.') == std::string::npos;
            std::string symbol = plain ? "delta" + ending : "delta_" + name;
            while (graph().find(symbol)) {
                symbol += "_";
            }
            symbols_.emplace(id, symbol);
        }
    }

    Derivation pull(NodeId from, Expr dy, std::span<const NodeId> to) {
        return pull_back(graph(), from, dy, to, [this](NodeId id) { return graph().is_named(id); });
    }

    // From the objective down: each name's cotangent, and the partials at each equation.
    void go_back() {
        std::map<NodeId, Expr> sent;
        const auto& order = chain_.equations.order;
        sent[chain_.equations.objective] = literal(graph(), 1.0);
        for (auto it = order.rbegin(); it != order.rend(); ++it) {
            const NodeId id = *it;
            if (!chain_.active.contains(id) || !sent.contains(id)) {
                continue;
            }
            total_[id] = sent[id];
            const Expr dy = as_symbol(id, sent[id]);
            std::vector<NodeId> operands;
            std::ranges::copy_if(chain_.equations.operands.at(id), std::back_inserter(operands),
                                 [&](NodeId operand) { return chain_.active.contains(operand); });
            const auto gradients = pull(id, dy, operands).gradients;
            for (std::size_t i = 0; i < operands.size(); ++i) {
                Expr& to = sent[operands[i]];
                to = to.valid() ? to + gradients[i] : gradients[i];
            }
            add_partials(id, operands, gradients);
        }
    }

    // Whether a name stands in the formula of a node.
    bool mentions(NodeId formula, NodeId name) {
        return stands_in(formula, [name](NodeId id) { return id == name; });
    }

    template <typename Claim>
    bool stands_in(NodeId formula, const Claim& claim) {
        std::vector<NodeId> open{formula};
        std::set<NodeId> seen;
        while (!open.empty()) {
            const NodeId id = open.back();
            open.pop_back();
            if (!seen.insert(id).second) {
                continue;
            }
            if (claim(id)) {
                return true;
            }
            if (!graph().is_named(id)) {
                const auto& operands = graph()[id].operands;
                open.insert(open.end(), operands.begin(), operands.end());
            }
        }
        return false;
    }

    // dLoss/da = (a - y) / (a * (1 - a)), with a = sigmoid(...): a cotangent that divides by the
    // name itself, where the rule of the name's own op multiplies by it. Put in, the quotient
    // cancels.
    bool cancels(NodeId id, Expr cotangent) {
        const bool divides = stands_in(cotangent.id, [&](NodeId node) {
            return graph().is_op(node, divide_op) &&
                   graph().type(node).shape == graph().type(id).shape &&
                   mentions(graph()[node].operands[1], id);
        });
        if (!divides) {
            return false;
        }
        const std::vector<NodeId> operands = graph()[id].operands;
        const auto pulled = pull_back(graph(), id, literal_like(graph().expr(id), 1.0), operands,
                                      [](NodeId) { return true; });
        return std::ranges::any_of(pulled.gradients,
                                   [&](Expr gradient) { return mentions(gradient.id, id); });
    }

    // The cotangent's own name where it is worth one.
    Expr as_symbol(NodeId id, Expr cotangent) {
        const auto symbol = symbols_.find(id);
        const bool several = is_sent_to_several(id);
        const bool short_enough = formula_size(graph(), cotangent.id) <= max_inlined_size;
        if (symbol == symbols_.end() || (short_enough && (!several || cancels(id, cotangent)))) {
            return cotangent;
        }
        const Expr leaf = graph().expr(graph().add_named(
            symbol->second, leaf_op, {}, {std::string("cotangent"), graph().type(id)}));
        chain_.cotangents.push_back({id, leaf.id, cotangent.id});
        return leaf;
    }

    // The partials of one equation. Of a few names each gets a reverse pass of its own, which tells
    // the rules on the way to it; many share one.
    void add_partials(NodeId d, const std::vector<NodeId>& operands,
                      const std::vector<Expr>& pulled) {
        constexpr std::size_t few = 16;
        const Expr one = literal_like(graph().expr(d), 1.0);
        Derivation all;
        if (operands.size() > few) {
            all = pull(d, one, operands);
        }
        for (std::size_t i = 0; i < operands.size(); ++i) {
            const NodeId to[] = {operands[i]};
            const Derivation own = operands.size() > few ? Derivation{{all.gradients[i]}, all.steps}
                                                         : pull(d, one, to);
            chain_.partials.emplace(std::pair(d, operands[i]),
                                    partial(d, operands[i], own, pulled[i]));
        }
    }

    PartialNodes partial(NodeId d, NodeId by, const Derivation& unit, Expr pulled) {
        PartialNodes result{d, by, unit.gradients[0].id, false, {}};
        bool elementwise = true;
        for (const DerivationStep& step : unit.steps) {
            if (step.node != by) {
                elementwise &= graph()[step.node].op->is_elementwise();
                add_rule(step.node, result.rule);
            }
        }
        if (!graph().type(d).is_scalar() && !elementwise) {
            result.expr = pulled.id;
            result.pulls_back = true;
        }
        return result;
    }

    // The name of a node's op, once; an abstract function's own name.
    void add_rule(NodeId id, std::string& rule) {
        const Node& node = graph()[id];
        const std::string name = node.op == &apply_op ? std::get<std::string>(node.attributes[0])
                                                      : std::string(node.op->name);
        const bool silent = std::holds_alternative<ImplicitNotation>(node.op->notation);
        if (!silent && (", " + rule + ",").find(", " + name + ",") == std::string::npos) {
            rule += (rule.empty() ? "" : ", ") + name;
        }
    }

    GradientNodes gradient(NodeId id) {
        GradientNodes result{id, counts_[id].paths, {}, {}};
        const double entries = result.path_count * static_cast<double>(counts_[id].longest);
        if (result.path_count <= max_paths && entries <= max_listed_entries) {
            result.paths = paths_to(chain_.equations, id);
        }
        if (result.path_count == 0) {
            result.expr = literal_like(graph().expr(id), 0).id;
        } else {
            result.expr = chain_.written_out ? sum_over(result.paths).id : total_.at(id).id;
        }
        return result;
    }

    // The factors in chain order: pulled back, a mask would come last.
    Expr sum_over(const std::vector<Path>& paths) {
        Expr sum;
        for (const Path& path : paths) {
            Expr product = literal(graph(), 1.0);
            for (std::size_t i = 0; i + 1 < path.size(); ++i) {
                product = product * graph().expr(chain_.partials.at({path[i], path[i + 1]}).expr);
            }
            sum = sum.valid() ? sum + product : product;
        }
        return sum;
    }

    static constexpr double max_listed_entries = 20'000;

    Chain chain_;
    std::span<const NodeId> wrt_;
    std::map<NodeId, PathCount> counts_;
    std::map<NodeId, std::string> symbols_;
    std::map<NodeId, Expr> total_;
};

}  // namespace

std::vector<NodeId> derive_by(const Network& network, const std::vector<std::string>& names) {
    std::vector<NodeId> ids;
    if (names.empty()) {
        for (const Weight& weight : network.weights) {
            ids.push_back(weight.node);
        }
        return ids;
    }
    std::vector<std::string_view> known;
    for (const NodeId id : network.graph.named()) {
        known.push_back(network.graph.name(id));
    }
    for (const std::string& name : names) {
        const auto id = network.graph.find(name);
        if (!id) {
            const std::string_view near = nearest_name(name, known);
            throw UserError("--wrt " + name + ": the network has no such name" +
                            (near.empty() ? "" : "; did you mean " + std::string(near) + "?"));
        }
        ids.push_back(*id);
    }
    return ids;
}

std::vector<NodeId> differentiable_leaves(const Network& network) {
    std::vector<NodeId> leaves;
    const Equations equations = equations_of(network.graph, network.objective);
    for (const NodeId id : equations.order) {
        if (network.graph[id].op->is_leaf() && !network.graph.type(id).is_index()) {
            leaves.push_back(id);
        }
    }
    return leaves;
}

Chain chain_of(const Network& network, std::span<const NodeId> wrt) {
    return ChainBuilder(network, wrt).build();
}

}  // namespace chainrule
