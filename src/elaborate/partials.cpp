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
    if (!factor) {
        return Poison{};
    }
    HalfPartial half = take_half(binary.rhs);
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
    if (below == nullptr) {
        return Poison{};
    }
    const auto quotient = partial_value(half.name->name, (*below)->name, span(id));
    if (!quotient) {
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

std::optional<NodeId> Evaluator::partial_value(const std::string& top, const std::string& bottom,
                                               Span at) {
    const std::string text = top + "/" + bottom;
    if (session_.extra != nullptr) {
        if (const auto found = session_.extra->find(text); found != session_.extra->end()) {
            return found->second;
        }
    }
    const auto named = [&](const std::string& differential) -> std::optional<NodeId> {
        const std::string name = differential.substr(1);
        const auto node = session_.find_value(where_, name);
        if (!node) {
            session_.error(where_, at,
                           fmt::format("{} speaks of {}, which is no value{}", text, name,
                                       session_.suggest_value(where_, name)));
        }
        return node;
    };
    const auto y = named(top);
    const auto x = y ? named(bottom) : std::nullopt;
    if (!x) {
        return std::nullopt;
    }
    const auto held = [&](NodeId node) { return graph_.is_named(node) && node != *x; };
    const auto result =
        derivative(graph_, *y, *x,
                   depends_on(graph_, *y, *x, held) ? std::function<bool(NodeId)>(held)
                                                    : std::function<bool(NodeId)>());
    if (!result) {
        session_.error(where_, at,
                       fmt::format("{} is not one number for each element: {} is {} and {} is {}",
                                   text, top.substr(1), describe(graph_.type(*y)), bottom.substr(1),
                                   describe(graph_.type(*x))));
    }
    return result;
}

}  // namespace chainrule
