// The walk over an expression; names and operators.
#include <fmt/format.h>

#include "elaborate/evaluator.h"
#include "elaborate/walk.h"
#include "eval/evaluate.h"
#include "ops/build.h"
#include "ops/operators.h"

namespace chainrule {
namespace {

// What a value that is computed from constants may cost.
constexpr std::int64_t most_computed_elements = std::int64_t{1} << 27;

}  // namespace

Item Evaluator::evaluate(ast::ExprId root) {
    const std::vector<ast::ExprId> nodes = expression_nodes(tree_, root);
    first_ = nodes.front();
    root_ = root;
    written_.reset();
    items_.assign(root - first_ + 1, Poison{});
    if (where_.in_loss) {
        nested_.assign(items_.size(), where_.in_function);
        std::vector<ast::ExprId> children;
        for (auto id = nodes.rbegin(); id != nodes.rend(); ++id) {
            children.clear();
            append_children(tree_[*id], children);
            const bool inside =
                is_nested(*id) || std::holds_alternative<ast::Call>(tree_[*id].node);
            for (const ast::ExprId child : children) {
                nested_[child - first_] = inside;
            }
        }
    }
    for (const ast::ExprId id : nodes) {
        Item result = visit(id);
        item(id) = std::move(result);
    }
    return std::move(item(root));
}

bool Evaluator::is_nested(ast::ExprId id) const { return !nested_.empty() && nested_[id - first_]; }

Item Evaluator::visit(ast::ExprId id) {
    return std::visit([&](const auto& node) { return visit_node(node, id); }, tree_[id].node);
}

std::optional<NodeId> Evaluator::value(ast::ExprId root) {
    Item result = evaluate(root);
    item(root) = std::move(result);
    return as_value(root);
}

std::optional<NodeId> Evaluator::as_value(ast::ExprId id) {
    Item& it = item(id);
    if (const auto* node = std::get_if<NodeId>(&it)) {
        return *node;
    }
    if (const auto* number = std::get_if<double>(&it)) {
        return literal(graph_, *number).id;
    }
    if (auto* tensor = std::get_if<Tensor>(&it)) {
        const NodeId node = literal(graph_, std::move(*tensor)).id;
        it = node;
        return node;
    }
    if (const auto* name = std::get_if<const ast::Name*>(&it)) {
        return name_value((*name)->name, span(id));
    }
    if (const auto* half = std::get_if<HalfPartial>(&it)) {
        report_unknown(half->name->name, half->span);
    }
    return std::nullopt;
}

std::optional<NodeId> Evaluator::name_value(const std::string& name, Span at) {
    if (const auto node = session_.find_value(where_, name)) {
        return node;
    }
    report_unknown(name, at);
    return std::nullopt;
}

void Evaluator::report_unknown(const std::string& name, Span at) {
    const Local* local = nullptr;
    if (where_.locals != nullptr) {
        const auto found = where_.locals->find(name);
        local = found == where_.locals->end() ? nullptr : &found->second;
    }
    const bool poisoned =
        local != nullptr ? local->kind == Local::Kind::poison : session_.poisoned.contains(name);
    const std::string owner = name.substr(0, name.find('.'));
    if (poisoned || session_.poisoned.contains(owner)) {
        return;
    }
    const bool function = local != nullptr || session_.scope.find_function(name, where_.library);
    if (function) {
        session_.error(where_, at,
                       fmt::format("{0} is a function, not a value: call it, as in {0}(x)", name));
    } else if (!session_.incomplete) {
        session_.error(
            where_, at,
            fmt::format("unknown name {}{}", name, session_.suggest_value(where_, name)));
    }
}

Item Evaluator::apply(const Op& op, const std::vector<NodeId>& operands, Attributes attributes,
                      Span at, ast::ExprId whole, const std::vector<ast::ExprId>& places) {
    std::vector<Expr> expressions;
    expressions.reserve(operands.size());
    for (const NodeId operand : operands) {
        expressions.push_back(graph_.expr(operand));
    }
    try {
        const NodeId node = expressions.empty()
                                ? graph_.add(op, {}, std::move(attributes))
                                : call(op, std::move(expressions), std::move(attributes)).id;
        if (!session_.lone_expression() && !graph_.is_named(node)) {
            graph_.set_origin(node, where_.place(span(whole)));
        }
        return node;
    } catch (const ShapeError& error) {
        std::vector<Span> spans;
        for (const ast::ExprId place : places) {
            spans.push_back(span(place));
        }
        session_.shape_error(where_, at, error, operands, spans);
        return Poison{};
    } catch (const UnsupportedError& error) {
        throw error.span() ? error : UnsupportedError(error.what(), where_.place(at));
    }
}

Item Evaluator::visit_node(const ast::Negate& negate, ast::ExprId id) {
    if (is_half_partial(negate.operand)) {
        HalfPartial half = take_half(negate.operand);
        half.negated = !half.negated;
        return half;
    }
    Item& operand = item(negate.operand);
    if (const auto* number = std::get_if<double>(&operand)) {
        return -*number;
    }
    if (auto* tensor = std::get_if<Tensor>(&operand)) {
        for (double& element : tensor->data) {
            element = -element;
        }
        return std::move(*tensor);
    }
    const auto node = as_value(negate.operand);
    return node ? apply(negate_op, {*node}, {}, span(id), id, {negate.operand}) : Item(Poison{});
}

Item Evaluator::visit_node(const ast::Transpose& transposed, ast::ExprId id) {
    const auto node = as_value(transposed.operand);
    if (!node) {
        return Poison{};
    }
    if (graph_.type(*node).is_scalar()) {
        return *node;
    }
    return apply(transpose_op, {*node}, {}, span(id), id, {transposed.operand});
}

Item Evaluator::visit_node(const ast::Binary& binary, ast::ExprId id) {
    if (session_.lone_expression()) {
        const bool product =
            binary.op == ast::BinaryOp::multiply || binary.op == ast::BinaryOp::matmul;
        if (product && is_half_partial(binary.rhs)) {
            return half_partial(binary);
        }
        if (binary.op == ast::BinaryOp::divide && is_half_partial(binary.lhs) &&
            is_differential(binary.rhs)) {
            return partial(binary, id);
        }
    }
    const auto lhs = as_value(binary.lhs);
    const auto rhs = as_value(binary.rhs);
    if (!lhs || !rhs) {
        return Poison{};
    }
    return apply(op_of(binary.op), {*lhs, *rhs}, {}, binary.op_span, id, {binary.lhs, binary.rhs});
}

std::optional<Evaluator::Known> Evaluator::constant(ast::ExprId root, const std::string& what) {
    Item result = evaluate(root);
    if (const auto* number = std::get_if<double>(&result)) {
        return Known{Tensor(*number)};
    }
    if (auto* tensor = std::get_if<Tensor>(&result)) {
        return Known{std::move(*tensor)};
    }
    item(root) = std::move(result);
    const auto node = as_value(root);
    auto tensor =
        node ? known_value(*node, root, what + " must be known here", true) : std::nullopt;
    return tensor ? std::optional(Known{std::move(*tensor), graph_.type(*node).row}) : std::nullopt;
}

// The value of a node that no leaf decides, but constants with known values if they may.
std::optional<Tensor> Evaluator::known_value(NodeId node, ast::ExprId id, const std::string& demand,
                                             bool from_constants) {
    Bindings bindings;
    std::int64_t elements = 0;
    const std::vector<NodeId> roots{node};
    for (const NodeId part : reachable(graph_, roots)) {
        elements += element_count(graph_.type(part).shape);
        if (!graph_.is_op(part, leaf_op)) {
            continue;
        }
        const Network* network = session_.network;
        const bool known =
            from_constants && network != nullptr && network->constant_values.contains(part);
        if (!known) {
            session_.error(where_, span(id),
                           fmt::format("{}, and it depends on {}", demand, graph_.name(part)),
                           session_.note_at(part));
            return std::nullopt;
        }
        bindings.emplace(part, network->constant_values.at(part));
    }
    if (elements > most_computed_elements) {
        session_.error(where_, span(id),
                       fmt::format("{}, and takes {} numbers to compute: {} at most", demand,
                                   elements, most_computed_elements));
        return std::nullopt;
    }
    try {
        return chainrule::evaluate(graph_, roots, bindings)[0];
    } catch (const UserError& error) {
        session_.error(where_, span(id), error.what());
        return std::nullopt;
    }
}

}  // namespace chainrule
