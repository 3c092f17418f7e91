#include "ops/build.h"

#include <algorithm>

#include "ops/shapes.h"

namespace chainrule {
namespace {

Graph& graph_of(const std::vector<Expr>& operands) {
    for (const Expr& operand : operands) {
        if (operand.valid()) {
            return *operand.graph;
        }
    }
    throw InternalError("an op without operands was called without a graph");
}

Expr add(const Op& op, std::vector<Expr> operands, Attributes attributes = {}) {
    return call(op, std::move(operands), std::move(attributes));
}

void insert_casts(std::vector<Expr>& operands) {
    for (Expr& operand : operands) {
        if (operand.type().is_index()) {
            operand = add(cast_op, {operand});
        }
    }
}

void insert_broadcasts(const Op& op, std::vector<Expr>& operands, const Attributes& attributes) {
    std::vector<Type> types;
    for (const Expr& operand : operands) {
        types.push_back(operand.type());
    }
    const auto name_of_operand = [&](std::size_t i) {
        return operands[i].graph->name(operands[i].id);
    };
    const Type common = broadcast_type(op, {types, attributes, name_of_operand});
    for (Expr& operand : operands) {
        operand = broadcast_to(operand, common);
    }
}

// `a [3] + b [4]`, `max(a [3], b [4])`.
std::string describe_call(const Op& op, const ShapeCall& call) {
    if (const auto* write = std::get_if<NotationFunction>(&op.notation)) {
        const auto operand = [&](std::size_t i, Precedence) { return call.describe(i); };
        return (*write)({Script::text, call.operands, call.attributes, {}, {}, operand}).text;
    }
    const auto* infix = std::get_if<InfixNotation>(&op.notation);
    std::string text = infix != nullptr ? "" : std::string(spelling_of(op)) + "(";
    for (std::size_t i = 0; i < call.operands.size(); ++i) {
        const std::string separator =
            infix != nullptr ? " " + std::string(infix->symbol) + " " : std::string(", ");
        text += (i == 0 ? "" : separator) + call.describe(i);
    }
    return text + (infix != nullptr ? "" : ")");
}

std::string describe_axis(std::size_t from_end) {
    return from_end == 0 ? "the last axis" : "axis -" + std::to_string(from_end + 1);
}

void merge_shape(const Op& op, const ShapeCall& call, std::size_t operand, Type& common) {
    Shape shape = call[operand].shape;
    if (shape.size() > common.shape.size()) {
        std::swap(shape, common.shape);
    }
    for (std::size_t from_end = 0; from_end < shape.size(); ++from_end) {
        std::int64_t& mine = common.shape[common.shape.size() - 1 - from_end];
        const std::int64_t other = shape[shape.size() - 1 - from_end];
        if (mine == 1) {
            mine = other;
        } else if (other != 1 && other != mine) {
            throw ShapeError("cannot compute " + describe_call(op, call) + ": " +
                                 std::to_string(mine) + " against " + std::to_string(other) +
                                 " in " + describe_axis(from_end),
                             static_cast<int>(operand));
        }
    }
}

}  // namespace

Type broadcast_type(const Op& op, const ShapeCall& call) {
    Type common = scalar_result(call);
    bool row = false;
    bool column = false;
    for (std::size_t i = 0; i < call.operands.size(); ++i) {
        merge_shape(op, call, i, common);
        row |= call[i].row;
        column |= call[i].rank() == 1 && !call[i].row;
    }
    if (row && column) {
        throw ShapeError("cannot compute " + describe_call(op, call) +
                             ": a row meets a vector, which stands upright",
                         0, "a ' after one of them makes both alike");
    }
    common.row = row && common.rank() == 1;
    return checked_size(call, op.name, common);
}

Expr call(const Op& op, std::vector<Expr> operands, Attributes attributes) {
    Graph& graph = graph_of(operands);
    if (op.is_elementwise() && &op != &cast_op) {
        insert_casts(operands);
        if (operands.size() > 1) {
            insert_broadcasts(op, operands, attributes);
        }
    }
    std::vector<NodeId> ids;
    ids.reserve(operands.size());
    for (const Expr& operand : operands) {
        ids.push_back(operand.id);
    }
    return graph.expr(graph.add(op, std::move(ids), std::move(attributes)));
}

Expr name_node(Expr value, std::string name, Span origin) {
    Graph& graph = *value.graph;
    const Node node = graph[value.id];
    const bool alias = graph.is_named(value.id);
    const NodeId id =
        alias ? graph.add_named(std::move(name), identity_op, {value.id}, {}, origin)
              : graph.add_named(std::move(name), *node.op, node.operands, node.attributes, origin);
    if (const WrittenCall* written = alias ? nullptr : graph.written(value.id)) {
        graph.set_written(id, WrittenCall(*written));
    }
    return graph.expr(id);
}

Expr broadcast_to(Expr x, const Type& type) {
    if (x.type().shape == type.shape && x.type().row == type.row) {
        return x;
    }
    return add(broadcast_op, {x}, {type.shape, std::int64_t{type.row}});
}

Expr sum_to(Expr x, const Type& type) {
    const Shape& from = x.type().shape;
    const std::size_t extra = from.size() - type.shape.size();
    std::vector<std::int64_t> axes;
    for (std::size_t axis = 0; axis < from.size(); ++axis) {
        if (axis < extra || (type.shape[axis - extra] == 1 && from[axis] != 1)) {
            axes.push_back(static_cast<std::int64_t>(axis));
        }
    }
    if (!axes.empty()) {
        x = sum(x, axes.size() == from.size() ? std::vector<std::int64_t>{} : axes);
    }
    if (x.type().shape != type.shape) {
        x = reshape(x, type.shape);
    }
    return type.row && !x.type().row ? transpose(x) : x;
}

Expr literal(Graph& graph, double value) { return literal(graph, Tensor(value)); }

Expr literal(Graph& graph, Tensor value) {
    return graph.expr(graph.add(constant_op, {}, {std::move(value)}));
}

Expr literal_like(Expr like, double value) {
    return broadcast_to(literal(*like.graph, value), like.type());
}

NodeId behind_aliases(const Graph& graph, NodeId id) {
    while (graph.is_op(id, identity_op)) {
        id = graph[id].operands[0];
    }
    return id;
}

std::optional<double> literal_value(const Graph& graph, NodeId id) {
    while (graph.is_op(id, broadcast_op)) {
        id = graph[id].operands[0];
    }
    if (!graph.is_op(id, constant_op)) {
        return std::nullopt;
    }
    const Tensor& value = tensor_attribute(graph[id].attributes, 0);
    if (value.data.empty() ||
        std::ranges::any_of(value.data, [&](double v) { return v != value.data[0]; })) {
        return std::nullopt;
    }
    return value.data[0];
}

Expr operator+(Expr a, Expr b) { return add(add_op, {a, b}); }
Expr operator-(Expr a, Expr b) { return add(subtract_op, {a, b}); }
Expr operator*(Expr a, Expr b) { return add(multiply_op, {a, b}); }
Expr operator/(Expr a, Expr b) { return add(divide_op, {a, b}); }
Expr operator-(Expr a) { return add(negate_op, {a}); }
Expr operator+(Expr a, double b) { return a + literal(*a.graph, b); }
Expr operator+(double a, Expr b) { return literal(*b.graph, a) + b; }
Expr operator-(Expr a, double b) { return a - literal(*a.graph, b); }
Expr operator-(double a, Expr b) { return literal(*b.graph, a) - b; }
Expr operator*(Expr a, double b) { return a * literal(*a.graph, b); }
Expr operator*(double a, Expr b) { return literal(*b.graph, a) * b; }
Expr operator/(Expr a, double b) { return a / literal(*a.graph, b); }
Expr operator/(double a, Expr b) { return literal(*b.graph, a) / b; }
Expr operator<(Expr a, Expr b) { return add(less_op, {a, b}); }
Expr operator<=(Expr a, Expr b) { return add(less_equal_op, {a, b}); }
Expr operator>(Expr a, Expr b) { return add(greater_op, {a, b}); }
Expr operator>=(Expr a, Expr b) { return add(greater_equal_op, {a, b}); }
Expr equal(Expr a, Expr b) { return add(equal_op, {a, b}); }

Expr power(Expr base, Expr exponent) { return add(power_op, {base, exponent}); }
Expr power(Expr base, double exponent) { return power(base, literal(*base.graph, exponent)); }
Expr where(Expr condition, Expr then, Expr otherwise) {
    return add(where_op, {condition, then, otherwise});
}
Expr where(Expr condition, Expr then, double otherwise) {
    return where(condition, then, literal(*condition.graph, otherwise));
}
Expr where(Expr condition, double then, Expr otherwise) {
    return where(condition, literal(*condition.graph, then), otherwise);
}

Expr exp(Expr x) { return add(exp_op, {x}); }
Expr log(Expr x) { return add(log_op, {x}); }
Expr sqrt(Expr x) { return add(sqrt_op, {x}); }
Expr sign(Expr x) { return add(sign_op, {x}); }
Expr sin(Expr x) { return add(sin_op, {x}); }
Expr cos(Expr x) { return add(cos_op, {x}); }
Expr sinh(Expr x) { return add(sinh_op, {x}); }
Expr cosh(Expr x) { return add(cosh_op, {x}); }
Expr sigmoid(Expr x) { return add(sigmoid_op, {x}); }
Expr tanh(Expr x) { return add(tanh_op, {x}); }
Expr clip(Expr x, double low, double high) { return add(clip_op, {x}, {low, high}); }
Expr softmax(Expr x) { return add(softmax_op, {x}); }
Expr log_softmax(Expr x) { return add(log_softmax_op, {x}); }
Expr one_hot(Expr label, std::int64_t classes) {
    const bool known = label.type().classes == classes;
    return add(one_hot_op, {label}, {known ? std::int64_t{0} : classes});
}

Expr matmul(Expr a, Expr b) { return add(matmul_op, {a, b}); }
Expr transpose(Expr a) { return a.type().is_scalar() ? a : add(transpose_op, {a}); }
Expr reshape(Expr a, Shape shape) { return add(reshape_op, {a}, {std::move(shape)}); }
Expr sum(Expr a) { return sum(a, {}); }
Expr sum(Expr a, std::vector<std::int64_t> axes, bool keepdims) {
    return add(sum_op, {a}, {std::move(axes), std::int64_t{keepdims}});
}

}  // namespace chainrule
