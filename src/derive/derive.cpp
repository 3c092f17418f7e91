#include "derive/derive.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "ops/build.h"

namespace chainrule {
namespace {

// A cotangent and the masks it carries: it counts where every condition is as wanted, elsewhere it
// is 0, whatever `value` says there.
struct Mask {
    Expr condition;
    bool wanted;
};
struct Cotangent {
    Expr value;
    std::vector<Mask> masks;
};

Expr applied(const Cotangent& cotangent) {
    Expr value = cotangent.value;
    for (const Mask& mask : cotangent.masks) {
        value = mask.wanted ? where(mask.condition, value, 0) : where(mask.condition, 0, value);
    }
    return value;
}

// A cotangent that has passed more masks carries one in their place, so that a long chain of masks
// costs no more for each node than a short one.
constexpr std::size_t most_masks = 4;

Cotangent with_few_masks(Cotangent cotangent) {
    if (cotangent.masks.size() <= most_masks) {
        return cotangent;
    }
    Expr all;
    for (const Mask& mask : cotangent.masks) {
        const Expr zero = literal(*mask.condition.graph, 0.0);
        const Expr counts = call(mask.wanted ? not_equal_op : equal_op, {mask.condition, zero});
        all = all.valid() ? all * counts : counts;
    }
    return {cotangent.value, {{all, true}}};
}

// Takes the masks off a value `where(c, v, 0)` or `where(c, 0, v)`.
Cotangent unmasked(Expr value) {
    Graph& graph = *value.graph;
    std::vector<Mask> masks;
    while (graph.is_op(value.id, where_op)) {
        const std::vector<NodeId>& branch = graph[value.id].operands;
        const bool then_zero = literal_value(graph, branch[1]) == 0.0;
        const bool else_zero = literal_value(graph, branch[2]) == 0.0;
        if (then_zero == else_zero) {
            break;
        }
        masks.push_back({graph.expr(branch[0]), else_zero});
        value = graph.expr(branch[else_zero ? 1 : 2]);
    }
    std::ranges::reverse(masks);
    return {value, std::move(masks)};
}

class ReversePass {
public:
    ReversePass(Graph& graph, NodeId y, std::span<const NodeId> wrt,
                const std::function<bool(NodeId)>& held)
        : graph_(graph), y_(y), wrt_(wrt.begin(), wrt.end()), held_(held) {}

    Derivation run(Expr dy, std::span<const NodeId> wrt) {
        find_region();
        Derivation derivation;
        if (active_.contains(y_)) {
            sent_[y_].push_back(unmasked(for_examples_of(y_, dy)));
        }
        for (auto node = region_.rbegin(); node != region_.rend(); ++node) {
            if (active_.contains(*node) && sent_.contains(*node)) {
                derivation.steps.push_back(visit(*node));
            }
        }
        for (const NodeId id : wrt) {
            const auto found = total_.find(id);
            derivation.gradients.push_back(
                found == total_.end() ? for_examples_of(id, literal_like(graph_.expr(id), 0))
                                      : applied(found->second));
        }
        return derivation;
    }

private:
    // The cotangent of a per-example value is per example too: each example has its own, even where
    // all are equal. Else the sum over the batch would lose all but one of them.
    Expr for_examples_of(NodeId id, Expr cotangent) const {
        const bool alike = graph_.type(id).per_example && !cotangent.type().per_example;
        return alike ? call(per_example_op, {cotangent}) : cotangent;
    }

    bool is_end(NodeId id) const { return id != y_ && held_ && held_(id); }

    // The nodes between y and what it is derived by, ascending; and which of them depend on a
    // `wrt`.
    void find_region() {
        std::vector<NodeId> open{y_};
        std::unordered_set<NodeId> seen{y_};
        while (!open.empty()) {
            const NodeId id = open.back();
            open.pop_back();
            region_.push_back(id);
            if (is_end(id)) {
                continue;
            }
            for (const NodeId operand : graph_[id].operands) {
                if (seen.insert(operand).second) {
                    open.push_back(operand);
                }
            }
        }
        std::ranges::sort(region_);
        for (const NodeId id : region_) {
            const auto& operands = graph_[id].operands;
            const bool depends = !is_end(id) && std::ranges::any_of(operands, [&](NodeId operand) {
                return active_.contains(operand);
            });
            if (depends || wrt_.contains(id)) {
                active_.insert(id);
            }
        }
    }

    // What has been sent to a node, as one cotangent: per-example parts that meet a shared value
    // are summed over the batch, once.
    Cotangent gather(NodeId id) {
        std::vector<Cotangent>& parts = sent_[id];
        const bool shared = !graph_.type(id).per_example;
        const auto leaves_batch = [&](const Cotangent& part) {
            return shared && part.value.type().per_example;
        };
        if (parts.size() == 1 && !leaves_batch(parts[0])) {
            return parts[0];
        }
        Expr total;
        Expr over_batch;
        for (const Cotangent& part : parts) {
            const Expr value = applied(part);
            Expr& sum = leaves_batch({value, {}}) ? over_batch : total;
            sum = sum.valid() ? sum + value : value;
        }
        if (over_batch.valid()) {
            over_batch = call(batch_sum_op, {over_batch});
            total = total.valid() ? total + over_batch : over_batch;
        }
        return {total, {}};
    }

    DerivationStep visit(NodeId id) {
        Cotangent cotangent = gather(id);
        DerivationStep step{id, applied(cotangent).id, {}};
        if (wrt_.contains(id)) {
            total_.emplace(id, cotangent);
        }
        if (is_end(id)) {
            return step;
        }
        const Node node = graph_[id];
        if (!node.op->is_elementwise()) {
            cotangent = {applied(cotangent), {}};
        }
        for (std::size_t operand = 0; operand < node.operands.size(); ++operand) {
            send(node, id, operand, cotangent, step);
        }
        return step;
    }

    void send(const Node& node, NodeId id, std::size_t operand, const Cotangent& cotangent,
              DerivationStep& step) {
        const NodeId to = node.operands[operand];
        const auto* rule = std::get_if<GradientRule>(&node.op->gradient_of(operand));
        if (!active_.contains(to) || rule == nullptr) {
            return;
        }
        std::vector<Expr> x;
        for (const NodeId operand_id : node.operands) {
            x.push_back(graph_.expr(operand_id));
        }
        const GradientCall call{x, graph_.expr(id), cotangent.value, node.attributes, operand};
        Cotangent part = unmasked((*rule)(call));
        if (part.value.type().shape != graph_.type(to).shape ||
            part.value.type().row != graph_.type(to).row) {
            throw InternalError("the gradient rule of " + std::string(node.op->name) + " gives " +
                                describe(part.value.type()) + " for an operand of type " +
                                describe(graph_.type(to)));
        }
        part.masks.insert(part.masks.begin(), cotangent.masks.begin(), cotangent.masks.end());
        part = with_few_masks(std::move(part));
        step.contributions.push_back({operand, to, applied(part).id});
        sent_[to].push_back(std::move(part));
    }

    Graph& graph_;
    NodeId y_;
    std::unordered_set<NodeId> wrt_;
    const std::function<bool(NodeId)>& held_;
    std::vector<NodeId> region_;
    std::unordered_set<NodeId> active_;
    std::unordered_map<NodeId, std::vector<Cotangent>> sent_;
    std::unordered_map<NodeId, Cotangent> total_;
};

}  // namespace

Derivation pull_back(Graph& graph, NodeId y, Expr dy, std::span<const NodeId> wrt,
                     const std::function<bool(NodeId)>& held) {
    for (const NodeId id : wrt) {
        if (graph.type(id).is_index()) {
            throw UserError(graph.name(id) + " holds whole-number labels: it has no gradient",
                            graph.origin(id));
        }
    }
    return ReversePass(graph, y, wrt, held).run(dy, wrt);
}

Derivation derive(Graph& graph, NodeId y, std::span<const NodeId> wrt) {
    if (!graph.type(y).is_scalar()) {
        throw UserError("only a scalar has a gradient, and this is " + describe(graph.type(y)),
                        graph.origin(y));
    }
    return pull_back(graph, y, literal(graph, 1.0), wrt);
}

Graph with_gradients(const Graph& graph, std::span<const NodeId> wrt) {
    Graph result = graph;
    for (const Expr& gradient : derive(result, graph.outputs.at(0), wrt).gradients) {
        result.outputs.push_back(gradient.id);
    }
    return result;
}

}  // namespace chainrule
