// The record that defines an op: every facet of it, in one constant, in one
// file of src/ops.
//
// Every facet is mandatory: an op whose designated initialiser leaves one out
// does not compile
// (-Werror=missing-field-initializers). An op without a gradient or an ONNX
// operator says why.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ir/attribute.h"
#include "ir/expr.h"
#include "ir/tensor.h"
#include "ir/type.h"
#include "scalar/scalar.h"

namespace chainrule {

struct Op;

// --- arity
// -----------------------------------------------------------------------------------------

struct Arity {
    static constexpr int any = 1 << 20;
    explicit constexpr Arity(int exactly) : min(exactly), max(exactly) {}
    constexpr Arity(int least, int most) : min(least), max(most) {}
    int min;
    int max;
};

// --- shape
// -----------------------------------------------------------------------------------------

// What a shape rule is shown.
struct ShapeCall {
    std::span<const Type> operands;
    const Attributes& attributes;
    std::function<std::string(std::size_t)> name;  // of operand i; empty for an anonymous one

    const Type& operator[](std::size_t i) const { return operands[i]; }
    // Operand i in a message: `W1 [128, 784]`.
    std::string describe(std::size_t i) const;
};

// Thrown by a shape rule; the front end adds the place. `culprit` is the
// operand whose declaration the note points at, `hint` ends it: "x is declared
// here; did you mean W1' @ x?".
class ShapeError : public std::runtime_error {
public:
    explicit ShapeError(const std::string& message, int culprit = -1, std::string hint = {})
        : std::runtime_error(message), culprit_(culprit), hint_(std::move(hint)) {}
    int culprit() const { return culprit_; }
    const std::string& hint() const { return hint_; }

private:
    int culprit_;
    std::string hint_;
};

// The type of the result, or a ShapeError. The only copy of the op's type rule.
using ShapeRule = Type (*)(const ShapeCall&);

// --- reference
// -------------------------------------------------------------------------------------

// What one element of the result is, of the operands' elements at the same
// place.
using ElementFunction = double (*)(std::span<const double> x, const Attributes& attributes);

// The result for one example; `result` arrives with its shape set and zeros in
// it.
struct ReferenceCall {
    std::span<const Tensor* const> operands;
    const Attributes& attributes;
    const Type& type;
    Tensor& result;

    const Tensor& operator[](std::size_t i) const { return *operands[i]; }
};
using ExampleFunction = void (*)(const ReferenceCall&);

// The result for a whole batch: an operand or result that is per example has
// one tensor for each example, a shared one has one tensor.
struct BatchCall {
    std::span<const std::span<const Tensor>> operands;
    const Attributes& attributes;
    std::size_t batch_size;
    std::span<Tensor> result;
};
using BatchFunction = void (*)(const BatchCall&);

// A leaf's value is given, not computed.
struct GivenValue {};

using Reference = std::variant<GivenValue, ElementFunction, ExampleFunction, BatchFunction>;

// --- gradient
// --------------------------------------------------------------------------------------

// The textbook's names: y = f(x[0], x[1], ...), `dy` the cotangent of y
// (dLoss/dy, in y's shape).
struct GradientCall {
    std::span<const Expr> x;
    Expr y;
    Expr dy;
    const Attributes& attributes;
    std::size_t operand;  // the x that the gradient is with respect to
};
// dLoss/dx[operand], in the shape of x[operand], as graph nodes; linear in dy,
// with dy as the first factor, so that products read from the loss down.
using GradientRule = Expr (*)(const GradientCall&);

struct NotDifferentiable {
    std::string_view reason;
};
using OperandGradient = std::variant<GradientRule, NotDifferentiable>;

// One rule per operand; the last one holds for all further operands. A leaf has
// none.
using Gradient = std::vector<OperandGradient>;

// --- notation
// --------------------------------------------------------------------------------------

// How tightly a written expression holds together: Python's levels.
enum class Precedence : std::uint8_t { comparison, sum, product, negation, power, atom };

struct Written {
    std::string text;
    Precedence precedence = Precedence::atom;
};

enum class Script : std::uint8_t { text, latex };

// What a notation is shown. `operand(i, p)` is operand i, in brackets if it
// binds looser than p.
struct NotationCall {
    Script script;
    std::span<const Type> operands;
    const Attributes& attributes;
    const Type& type;
    std::string_view name;  // of a leaf
    std::function<std::string(std::size_t, Precedence)> operand;
};
using NotationFunction = Written (*)(const NotationCall&);

// `name(x, y, attribute=...)`; in LaTeX `latex` with {0}, {1} for operands and
// {name} for attributes.
// `spelling` is the function's name where it is not the op's (max for maximum).
struct CallNotation {
    std::string_view latex;
    std::string_view spelling = {};
};
// Left-associative.
struct InfixNotation {
    std::string_view symbol;
    std::string_view latex;
    Precedence precedence;
};
// Printed as its first operand where the language inserts the op by itself
// (broadcast, cast), else as a call.
struct ImplicitNotation {
    std::string_view latex;
};

using Notation = std::variant<CallNotation, InfixNotation, ImplicitNotation, NotationFunction>;

// --- lowering
// --------------------------------------------------------------------------------------
// How compiled code computes the op. What depends on no leaf is computed once, by reference.

// A leaf: its value is given.
struct GivenElements {};

// Each element of the result from the operands' elements at the same place.
using ScalarBody = Scalar (*)(std::span<const Scalar> x, const Attributes& attributes);

// The operand's elements along the axes that attribute 0 lists (none: all), combined in an order
// fixed by the sizes; `initial` where there are none.
struct Fold {
    double initial;
    Scalar (*combine)(Scalar a, Scalar b);
};
// The sum of a per-example value over the examples; their number.
struct BatchFold {};
struct BatchCount {};

// A place for each index: element offset + sum(index[axis] * strides[axis]) of a row-major tensor.
struct Places {
    std::int64_t offset = 0;
    std::vector<std::int64_t> strides;
};
struct PlacesCall {
    std::span<const Type> operands;
    const Attributes& attributes;
    const Type& type;     // of the result
    std::size_t operand;  // whose elements are asked for
};
// Where in its operand the result's element at an index stands: one stride per axis of the result.
struct StridedView {
    Places (*places)(const PlacesCall& call);
};
// Where in the result the operand's element at an index goes: one stride per axis of the operand.
// What no operand fills is 0.
struct StridedPlacement {
    Places (*places)(const PlacesCall& call);
};

// Elements at places along an axis that are data: the result's element at [outer, i, inner] is
// operand 0's at [outer, operand 1 at i, inner]; the axes of operand 1 stand in the place of that
// axis. Where the places are known as it compiles, nodes of simpler ops may do.
using KnownPlacesExpansion = std::optional<Expr> (*)(std::span<const Expr> x,
                                                     const Attributes& attributes);
struct IndexedView {
    std::size_t (*axis)(const PlacesCall& call);  // of operand 0
    KnownPlacesExpansion expansion = nullptr;
};
// The transpose: operand 0's element at [outer, i, inner] is added to the result's at
// [outer, operand 1 at i, inner], in the order of i. What nothing is added to is 0.
struct IndexedPlacement {
    std::size_t (*axis)(const PlacesCall& call);  // of the result
    KnownPlacesExpansion expansion = nullptr;
};

// The matrix product, as ops/matmul.h lays it out.
struct MatrixProduct {};

// Nodes of simpler ops with the same meaning, in the type of the result.
using Expansion = Expr (*)(std::span<const Expr> x, const Attributes& attributes);

// A function of one operand, example by example, in double precision: what loops over elements say
// badly.
struct RoutineCall {
    const Shape& shape;         // of the operand
    std::span<double> operand;  // a copy of its own, which it may write over
    std::span<double> result;
};
struct Routine {
    std::string_view reason;
    void (*run)(const RoutineCall& call);  // allocates nothing
};

// There is nothing to compute.
struct NoElements {
    std::string_view reason;
};

using Lowering = std::variant<GivenElements, ScalarBody, Fold, BatchFold, BatchCount, StridedView,
                              StridedPlacement, IndexedView, IndexedPlacement, MatrixProduct,
                              Expansion, Routine, NoElements>;

// --- onnx
// ------------------------------------------------------------------------------------------

struct OnnxOperator {
    std::string_view name;
};
struct NoOnnx {
    std::string_view reason;
};
using Onnx = std::variant<OnnxOperator, NoOnnx>;

// --- sample
// ----------------------------------------------------------------------------------------

struct Interval {
    double low;
    double high;
};
// From where the tests draw an operand's elements: one of the intervals; the op
// is smooth inside.
using Domain = std::vector<Interval>;

struct SampleCase {
    std::vector<Type> operands;
    Attributes attributes;
};
// A point or set where the op has a kink, a tie or a pole, and what value and
// gradient hold there.
struct Convention {
    std::string_view where;
    std::string_view holds;
};
struct Sample {
    std::vector<Domain> domains;         // one per operand; the last holds for all further ones
    std::vector<SampleCase> (*cases)();  // operand types and attributes to try, edge shapes too
    std::vector<Convention> conventions;
    // Makes elements drawn one by one operands that the op is meant for: a regular matrix.
    void (*prepare)(std::vector<Tensor>& operands) = nullptr;
};

// --- the record
// ------------------------------------------------------------------------------------

struct Op {
    std::string_view name;     // as the language calls it
    std::string_view summary;  // its meaning in a line of plain text
    Arity arity;
    std::vector<AttributeSpec> attributes;
    ShapeRule shape;
    Reference reference;
    Gradient gradient;
    Notation notation;
    Lowering lowering;
    Onnx onnx;
    Sample sample;

    bool is_elementwise() const { return std::holds_alternative<ElementFunction>(reference); }
    bool is_leaf() const { return std::holds_alternative<GivenElements>(lowering); }
    bool is_view() const { return std::holds_alternative<StridedView>(lowering); }
    // Along an axis, at places that are data.
    bool is_indexed() const {
        return std::holds_alternative<IndexedView>(lowering) ||
               std::holds_alternative<IndexedPlacement>(lowering);
    }
    // Between the examples of a batch.
    bool is_of_batches() const { return std::holds_alternative<BatchFunction>(reference); }
    const OperandGradient& gradient_of(std::size_t operand) const {
        return gradient[operand < gradient.size() ? operand : gradient.size() - 1];
    }
};

// What the language calls the op: its name, unless its notation spells it otherwise.
std::string_view spelling_of(const Op& op);

// All ops, in the order of the op list; and one by name, or null.
std::span<const Op* const> all_ops();
const Op* find_op(std::string_view name);

}  // namespace chainrule
