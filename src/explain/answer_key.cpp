#include "explain/answer_key.h"

#include <algorithm>

#include "derive/derive.h"
#include "explain/symbols.h"
#include "ops/build.h"

namespace chainrule {
AnswerKey::AnswerKey(const Network& network)
    : network_(network), chain_(chain_of(network, differentiable_leaves(network))) {
    rate_ = graph().add_named(network.rate_symbol, leaf_op, {}, {std::string("constant"), Type{}});
}

std::map<std::string, NodeId> AnswerKey::extra_names() {
    std::map<std::string, NodeId> names{{network_.rate_symbol, rate_}};
    totals_.clear();
    for (const CotangentNodes& cotangent : chain_.cotangents) {
        names.emplace(chain_.graph.name(cotangent.symbol), total(cotangent.of).id);
    }
    return names;
}

std::optional<NodeId> AnswerKey::node_called(const std::string& name) const {
    if (name == "Loss") {
        return network_.objective;
    }
    return network_.graph.find(name);
}

std::optional<NodeId> AnswerKey::replaced(const std::string& symbol) const {
    const auto found = replaced_.find(symbol);
    return found == replaced_.end() ? std::nullopt : std::optional(found->second);
}

std::string AnswerKey::symbol(NodeId a, NodeId b) const {
    return partial_symbol(chain_.graph.name(a), chain_.graph.name(b)).text;
}

Expr AnswerKey::pulled(NodeId a, NodeId b, Expr dy) {
    const NodeId to[] = {b};
    return pull_back(graph(), a, dy, to, [this](NodeId id) { return graph().is_named(id); })
        .gradients[0];
}

// A partial at a node, da/db; of tensors where it is elementwise.
Expr AnswerKey::partial(NodeId a, NodeId b) {
    if (const auto own = replaced(symbol(a, b))) {
        return graph().expr(*own);
    }
    const auto found = chain_.partials.find({a, b});
    if (found != chain_.partials.end() && !found->second.pulls_back) {
        return with_replaced_names(graph().expr(found->second.expr));
    }
    return with_replaced_names(pulled(a, b, literal_like(graph().expr(a), 1.0)));
}

// dLoss/da, through all paths.
Expr AnswerKey::total(NodeId a) {
    if (const auto own = replaced(symbol(network_.objective, a))) {
        return graph().expr(*own);
    }
    if (a == network_.objective) {
        return literal(graph(), 1.0);
    }
    const auto known = totals_.find(a);
    if (known != totals_.end()) {
        return known->second;
    }
    Expr sum;
    const auto users = chain_.equations.users.find(a);
    const bool reached = users != chain_.equations.users.end();
    for (const NodeId user : reached ? users->second : std::vector<NodeId>{}) {
        const auto found = chain_.partials.find({user, a});
        if (found == chain_.partials.end()) {
            continue;
        }
        const bool own = replaced(symbol(user, a)).has_value();
        const Expr part = own || !found->second.pulls_back ? total(user) * partial(user, a)
                                                           : pulled(user, a, total(user));
        sum = sum.valid() ? sum + part : part;
    }
    const Expr result = sum.valid() ? with_replaced_names(sum) : literal_like(graph().expr(a), 0);
    totals_.emplace(a, result);
    return result;
}

Expected AnswerKey::gradient(NodeId b) {
    totals_.clear();
    Expected expected{total(b).id, {}};
    if (!chain_.written_out) {
        return expected;
    }
    for (const Path& path : paths_to(chain_.equations, b)) {
        auto& term = expected.terms.emplace_back();
        for (std::size_t i = 0; i + 1 < path.size(); ++i) {
            term.push_back({symbol(path[i], path[i + 1]), partial(path[i], path[i + 1]).id});
        }
    }
    return expected;
}

// `value` with names that the student has computed otherwise replaced by what the student computed.
Expr AnswerKey::with_replaced_names(Expr value) {
    std::map<NodeId, NodeId> moved;
    for (const auto& [name, own] : replaced_) {
        if (const auto id = node_called(name)) {
            moved.emplace(*id, own);
        }
    }
    if (moved.empty()) {
        return value;
    }
    const NodeId roots[] = {value.id};
    for (const NodeId id : reachable(graph(), roots)) {
        const Node node = graph()[id];
        std::vector<NodeId> operands;
        for (const NodeId operand : node.operands) {
            const auto now = moved.find(operand);
            operands.push_back(now == moved.end() ? operand : now->second);
        }
        if (operands != node.operands && !moved.contains(id)) {
            moved.emplace(id, graph().add(*node.op, operands, node.attributes));
        }
    }
    const auto now = moved.find(value.id);
    return now == moved.end() ? value : graph().expr(now->second);
}

std::vector<Expected> AnswerKey::of_name(const std::string& name) {
    for (const CotangentNodes& cotangent : chain_.cotangents) {
        if (graph().name(cotangent.symbol) == name) {
            return {gradient(cotangent.of)};
        }
    }
    const auto id = node_called(name);
    if (!id || graph()[*id].op->is_leaf()) {
        return {};
    }
    // Its equation, with the student's values of the names in it.
    const Node node = graph()[*id];
    return {
        {with_replaced_names(graph().expr(graph().add(*node.op, node.operands, node.attributes)))
             .id,
         {}}};
}

std::vector<Expected> AnswerKey::of_derivative(const std::string& a, const std::string& b) {
    const auto above = node_called(a);
    const auto below = node_called(b);
    if (!above || !below) {
        throw UserError("d" + a + "/d" + b + ": the network has no " + (above ? b : a));
    }
    if (graph().type(*below).is_index()) {
        throw UserError(b +
                        " holds whole-number labels: nothing has a derivative with respect to it");
    }
    std::vector<Expected> meanings;
    if (*above == network_.objective) {
        meanings.push_back(gradient(*below));
    }
    const auto found = chain_.partials.find({*above, *below});
    if (found != chain_.partials.end() && !found->second.pulls_back) {
        meanings.push_back({partial(*above, *below).id, {}});
    }
    if (graph().type(*above).is_scalar() && *above != network_.objective) {
        const NodeId to[] = {*below};
        meanings.push_back({derive(graph(), *above, to).gradients[0].id, {}});
    }
    if (meanings.empty()) {
        throw UserError("d" + a + "/d" + b +
                        " is a Jacobian of tensors, which has no formula of its own here; give the "
                        "gradient d" +
                        graph().name(network_.objective) + "/d" + b);
    }
    return meanings;
}

std::vector<Expected> AnswerKey::of_update(const std::string& weight) {
    const auto id = node_called(weight);
    if (!id || network_.weight(*id) == nullptr) {
        throw UserError(weight + " <- ...: only a weight is updated, and " + weight + " is none");
    }
    const Expr gradient_value = graph().expr(gradient(*id).value);
    const Expr step = graph().expr(rate_) * gradient_value;
    return {{(graph().expr(*id) - step).id, {}}};
}

}  // namespace chainrule
