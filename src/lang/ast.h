// The syntax tree of a `.nn` text: what was written, where, and nothing about what it means.
//
// Expressions live in one arena in post-order: a node's children have smaller ids than the node, so
// that every later stage can walk an expression with a loop and no text can exhaust the stack.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lang/diagnostic.h"

namespace chainrule::ast {

using ExprId = std::uint32_t;

enum class BinaryOp : std::uint8_t {
    add,
    subtract,
    multiply,
    divide,
    matmul,
    power,
    less,
    less_equal,
    greater,
    greater_equal,
    equal,
    not_equal,
};

struct Number {
    double value = 0;
    bool integer = false;  // written without point or exponent: `3`, not `3.0` or `1e3`
};
struct Name {
    std::string name;  // may hold dots: `h.W`
};
struct Array {
    std::vector<ExprId> elements;
};
struct Negate {
    ExprId operand = 0;
};
struct Binary {
    BinaryOp op = BinaryOp::add;
    ExprId lhs = 0;
    ExprId rhs = 0;
    Span op_span;
};
struct Transpose {
    ExprId operand = 0;
};
struct Argument {
    std::string keyword;  // empty: positional
    Span keyword_span;
    ExprId value = 0;
};
// `f(x)`, `f'(x)` (one prime per order), `D(f, 1)(a, y)` (argument numbers count from 1; one entry
// per differentiation).
struct Call {
    std::string callee;
    Span callee_span;
    int primes = 0;
    std::vector<int> derivative_of;
    std::vector<Argument> arguments;
};
// `x[2]`, `x[1:3]`, one entry per axis; counts from 0.
struct Subscript {
    std::optional<ExprId> start;  // for a single index: the index
    std::optional<ExprId> stop;
    bool range = false;
};
struct Index {
    ExprId operand = 0;
    std::vector<Subscript> subscripts;
};

struct Expr {
    std::variant<Number, Name, Array, Negate, Binary, Transpose, Call, Index> node;
    Span span;
};

// A name as it stands in the text.
struct Identifier {
    std::string name;
    Span span;
};

enum class Role : std::uint8_t { input, target, weight, constant };

// `W[m, n] = 0`, `W[3] ~ he_normal`, `y: class(10)`.
struct Declaration {
    Role role = Role::input;
    Identifier name;
    std::vector<ExprId> dimensions;     // empty: scalar; each a number or a layer's dimension name
    std::optional<ExprId> classes;      // of `: class(n)`
    std::optional<ExprId> value;        // of `= expression`
    std::optional<ExprId> initialiser;  // of `~ name` or `~ name(arguments)`
};
// `function g1, g2` (no body) or `function swish(z) = z * sigmoid(z)`, `f(z) = ...`; a definition
// without parameters is an alias: `function g = sigmoid`.
struct Function {
    Identifier name;
    std::vector<Identifier> parameters;
    std::optional<ExprId> body;
};
struct Equation {
    Identifier name;
    ExprId value = 0;
};
struct Output {
    std::vector<Identifier> names;
};
struct Loss {
    ExprId value = 0;
};
struct Penalty {
    ExprId value = 0;
};
struct Setting {
    Identifier key;
    ExprId value = 0;
};
struct Train {
    std::vector<Setting> settings;
};
struct Import {
    std::string path;
    Span path_span;
};
struct LayerParameter {
    Identifier name;
    std::vector<ExprId> dimensions;  // `x[n]`: names to bind or numbers to match
    bool has_dimensions = false;
};
struct Statement;
// `layer dense(x[n], m, g) { ... value }`
struct Layer {
    Identifier name;
    std::vector<LayerParameter> parameters;
    std::vector<Statement> body;  // declarations and equations
    ExprId value = 0;
};

struct Statement {
    std::variant<Declaration, Function, Equation, Output, Loss, Penalty, Train, Import, Layer> node;
    Span span;
};

struct Tree {
    std::vector<Expr> expressions;
    std::vector<Statement> statements;  // one per declared name: `weight a, b` is two

    const Expr& operator[](ExprId id) const { return expressions[id]; }
};

// One equality of an answer file: `z1 = x * w1`, `dLoss/dw2 = A = B`, `w1 <- w1 - alpha * ...`.
struct Answer {
    ExprId left = 0;            // a Name or a Binary divide of two `d...` names
    std::vector<ExprId> right;  // each side of `A = B`
    bool update = false;        // `<-`
    Span span;
};

}  // namespace chainrule::ast
