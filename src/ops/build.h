// Building formulas: the one way in which the front end, the gradient rules and
// the passes add nodes.
//
//     return dy * y * (1 - y);
//
// An elementwise op broadcasts its operands as NumPy does, by explicit
// broadcast nodes, and takes a class label as a number, by an explicit cast
// node. All functions throw ShapeError.
#pragma once

#include <vector>

#include "ir/graph.h"
#include "ops/op_list.h"

namespace chainrule {

// The node op(operands), with the broadcasts and casts it needs.
Expr call(const Op& op, std::vector<Expr> operands, Attributes attributes = {});

// The same for a node that gets a name and an identity of its own: `z1 = x *
// w1`. An alias
// (`a = b`) becomes an identity node.
Expr name_node(Expr value, std::string name, Span origin = {});

// The type to which the operands of `op` broadcast together, or the ShapeError
// that names them: "cannot compute a [3] + b [4]: 3 against 4 in the last
// axis".
Type broadcast_type(const Op& op, const ShapeCall& call);

// x with the shape (and row-ness) of `type`: x itself or a broadcast node.
Expr broadcast_to(Expr x, const Type& type);

// The sum over the axes in which `type` was broadcast to x's type, in `type`:
// the transpose of broadcast_to.
Expr sum_to(Expr x, const Type& type);

// A number; a constant tensor; the constant with the shape of `like`.
Expr literal(Graph& graph, double value);
Expr literal(Graph& graph, Tensor value);
Expr literal_like(Expr like, double value);

// What a value is defined as: `b` of `a = b`.
NodeId behind_aliases(const Graph& graph, NodeId id);

// The value of a literal with equal elements, seen through broadcasts.
std::optional<double> literal_value(const Graph& graph, NodeId id);

Expr operator+(Expr a, Expr b);
Expr operator-(Expr a, Expr b);
Expr operator*(Expr a, Expr b);
Expr operator/(Expr a, Expr b);
Expr operator-(Expr a);
Expr operator+(Expr a, double b);
Expr operator+(double a, Expr b);
Expr operator-(Expr a, double b);
Expr operator-(double a, Expr b);
Expr operator*(Expr a, double b);
Expr operator*(double a, Expr b);
Expr operator/(Expr a, double b);
Expr operator/(double a, Expr b);
Expr operator<(Expr a, Expr b);
Expr operator<=(Expr a, Expr b);
Expr operator>(Expr a, Expr b);
Expr operator>=(Expr a, Expr b);
Expr equal(Expr a, Expr b);

Expr power(Expr base, Expr exponent);
Expr power(Expr base, double exponent);
Expr where(Expr condition, Expr then, Expr otherwise);
Expr where(Expr condition, Expr then, double otherwise);
Expr where(Expr condition, double then, Expr otherwise);

Expr exp(Expr x);
Expr log(Expr x);
Expr sqrt(Expr x);
Expr sign(Expr x);
Expr sin(Expr x);
Expr cos(Expr x);
Expr sinh(Expr x);
Expr cosh(Expr x);
Expr sigmoid(Expr x);
Expr tanh(Expr x);
Expr clip(Expr x, double low, double high);

// Over the last axis.
Expr softmax(Expr x);
Expr log_softmax(Expr x);
// Labels below `classes` as vectors of 0 and 1, along a new last axis.
Expr one_hot(Expr label, std::int64_t classes);

Expr matmul(Expr a, Expr b);
Expr transpose(Expr a);
Expr reshape(Expr a, Shape shape);
// Over all axes, or over `axes`, which stay as 1 if `keepdims`.
Expr sum(Expr a);
Expr sum(Expr a, std::vector<std::int64_t> axes, bool keepdims = false);

}  // namespace chainrule
