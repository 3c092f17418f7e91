// dA/dB with A and B known: a partial derivative, not a quotient.
#include <fmt/format.h>

#include <algorithm>

#include "derive/derive.h"
#include "elaborate/derivative.h"
#include "elaborate/evaluator.h"
#include "ops/build.h"

namespace chainrule {

bool Evaluator::is_differential(ast::ExprId id) {
    const auto* name = std::get_if<const ast::Name*>(&item(id));
    return name != nullptr && (*name)->name.size() > 1 && (*name)->name[0] == 'd';
}

// A name `dA` that is no value, so that it can only stand in a derivative; or a product that ends
// in one.
bool Evaluator::is_half_partial(ast::ExprId id) {
    if (std::holds_alternative<HalfPartial>(item(id))) {
        return true;
    }
    return session_.lone_expression() && is_differential(id) &&
           !session_.find_value(where_, std::get<const ast::Name*>(item(id))->name);
}

HalfPartial Evaluator::take_half(ast::ExprId id) {
    if (const auto* half = std::get_if<HalfPartial>(&item(id))) {
        return *half;
    }
    HalfPartial half;
    half.name = std::get<const ast::Name*>(item(id));
    half.span = span(id);
    return half;
}

Item Evaluator::half_partial(const ast::Binary& binary) {
    const auto factor = as_value(binary.lhs);
    HalfPartial half = take_half(binary.rhs);
    if (!factor) {
        half.poisoned = true;
        return half;
    }
    if (half.factor) {  // p * (q * dA): no quotient follows inside the brackets
        report_unknown(half.name->name, half.span);
        return Poison{};
    }
    half.factor = factor;
    half.op = binary.op;
    return half;
}

Item Evaluator::partial(const ast::Binary& binary, ast::ExprId id) {
    const HalfPartial half = take_half(binary.lhs);
    const auto* below = std::get_if<const ast::Name*>(&item(binary.rhs));
    if (below == nullptr || half.poisoned) {
        return Poison{};
    }
    const Span at = span(id);
    const auto known = known_partial(half.name->name + "/" + (*below)->name);
    const auto sides = known ? std::nullopt : sides_of_partial(half, **below, at);
    if (!known && !sides) {
        return Poison{};
    }
    const auto quotient = known ? known : partial_value(*sides);
    if (!quotient && is_cotangent_of(half, sides->y)) {
        const NodeId to[] = {sides->x};
        const Expr dy = graph_.expr(*half.factor);
        return pull_back(graph_, sides->y, half.negated ? -dy : dy, to, held_for(*sides))
            .gradients[0]
            .id;
    }
    if (!quotient) {
        session_.error(
            where_, at,
            fmt::format("{}/{} is not one number for each element: {} is {} and {} is {}",
                        half.name->name, (*below)->name, half.name->name.substr(1),
                        describe(graph_.type(sides->y)), (*below)->name.substr(1),
                        describe(graph_.type(sides->x))));
        return Poison{};
    }
    NodeId result = *quotient;
    if (half.negated) {
        result = (-graph_.expr(result)).id;
    }
    if (!half.factor) {
        return result;
    }
    const Op& op = half.op == ast::BinaryOp::matmul ? matmul_op : multiply_op;
    return apply(op, {*half.factor, result}, {}, binary.op_span, id, {binary.lhs, binary.rhs});
}

// `dLoss/dz * dz/dW`: what stands before a Jacobian is a cotangent, and the product means that
// cotangent pulled back.
bool Evaluator::is_cotangent_of(const HalfPartial& half, NodeId y) {
    return half.factor && half.op == ast::BinaryOp::multiply &&
           graph_.type(*half.factor).shape == graph_.type(y).shape &&
           graph_.type(*half.factor).row == graph_.type(y).row;
}

std::optional<NodeId> Evaluator::known_partial(const std::string& text) {
    if (session_.extra == nullptr) {
        return std::nullopt;
    }
    const auto found = session_.extra->find(text);
    return found == session_.extra->end() ? std::nullopt : std::optional(found->second);
}

std::optional<PartialSides> Evaluator::sides_of_partial(const HalfPartial& half,
                                                        const ast::Name& below, Span at) {
    const auto named = [&](const std::string& differential) -> std::optional<NodeId> {
        const std::string name = differential.substr(1);
        const auto node = session_.find_value(where_, name);
        if (!node) {
            session_.error(where_, at,
                           fmt::format("{}/{} speaks of {}, which is no value{}", half.name->name,
                                       below.name, name, session_.suggest_value(where_, name)));
        }
        return node;
    };
    const auto y = named(half.name->name);
    const auto x = y ? named(below.name) : std::nullopt;
    return x ? std::optional(PartialSides{*y, *x}) : std::nullopt;
}

// The names between the sides are given values, unless it is only through them that y depends on x.
std::function<bool(NodeId)> Evaluator::held_for(const PartialSides& sides) {
    const auto held = [this, x = sides.x](NodeId node) {
        return graph_.is_named(node) && node != x;
    };
    return depends_on(graph_, sides.y, sides.x, held) ? std::function<bool(NodeId)>(held)
                                                      : std::function<bool(NodeId)>();
}

std::optional<NodeId> Evaluator::partial_value(const PartialSides& sides) {
    return derivative(graph_, sides.y, sides.x, held_for(sides));
}

}  // namespace chainrule
