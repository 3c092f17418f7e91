// One expression of a syntax tree as nodes of the graph.
//
// The walk is a loop over the arena, so that no text can exhaust the stack; only calls of the
// user's functions and layers recurse, at most `deepest_call` deep. What a subexpression is, an
// Item, is decided by who uses it: `relu` is a function as an argument of a layer, a word in
// `form=tanh`, and a value elsewhere.
#pragma once

#include <functional>
#include <optional>
#include <variant>

#include "elaborate/session.h"

namespace chainrule {

struct Poison {};  // in error, which has been reported
// `dA` with what stands before it, waiting for `/ dB`: `p * dA / dB` means p * (dA/dB).
struct HalfPartial {
    const ast::Name* name = nullptr;
    Span span;  // of the name
    std::optional<NodeId> factor;
    ast::BinaryOp op = ast::BinaryOp::multiply;  // with which the factor stands before it
    bool negated = false;
    bool poisoned = false;  // by an error in the factor
};
struct PartialSides {  // of dy/dx
    NodeId y;
    NodeId x;
};
using Item = std::variant<Poison, double, Tensor, NodeId, const ast::Name*, HalfPartial>;

class Evaluator {
public:
    Evaluator(Session& session, const Environment& where)
        : session_(session), graph_(session.graph), where_(where), tree_(*where.tree) {}

    // As a value of the graph; nothing after an error, which is reported.
    std::optional<NodeId> value(ast::ExprId root);

    // As a number or array that nothing in the graph's leaves decides, except constants with known
    // values; nothing after an error, which is reported. `what` has it: "the value of w".
    struct Known {
        Tensor tensor;
        bool row = false;
    };
    std::optional<Known> constant(ast::ExprId root, const std::string& what);

    // How the root was written, if it is a call of a function of the user's.
    const std::optional<WrittenCall>& written() const { return written_; }

    // If the root is the use of a layer: the name that owns its weights, `h` of `h = dense(...)`.
    std::string owner;

private:
    // expressions.cpp: the walk, names, operators
    Item evaluate(ast::ExprId root);
    Item visit(ast::ExprId id);
    Item visit_node(const ast::Number& number, ast::ExprId) { return number.value; }
    Item visit_node(const ast::Name& name, ast::ExprId) { return &name; }
    Item visit_node(const ast::Negate& negate, ast::ExprId id);
    Item visit_node(const ast::Binary& binary, ast::ExprId id);
    Item visit_node(const ast::Transpose& transpose, ast::ExprId id);
    std::optional<NodeId> as_value(ast::ExprId id);
    std::optional<NodeId> name_value(const std::string& name, Span span);
    void report_unknown(const std::string& name, Span span);
    Item& item(ast::ExprId id) { return items_[id - first_]; }
    Span span(ast::ExprId id) const { return tree_[id].span; }
    bool is_nested(ast::ExprId id) const;
    std::optional<Tensor> known_value(NodeId node, ast::ExprId id, const std::string& demand,
                                      bool from_constants);
    Item apply(const Op& op, const std::vector<NodeId>& operands, Attributes attributes, Span at,
               ast::ExprId whole, const std::vector<ast::ExprId>& places);

    // arrays.cpp: array literals and indices
    Item visit_node(const ast::Array& array, ast::ExprId id);
    Item visit_node(const ast::Index& index, ast::ExprId id);
    Item stack_numbers(const ast::Array& array, ast::ExprId id);
    std::optional<std::int64_t> index_number(ast::ExprId id);
    struct Selection {
        std::size_t axis = 0;
        std::int64_t start = 0;
        std::int64_t stop = 0;
        bool single = false;
    };
    std::optional<Selection> selection(const ast::Subscript& subscript, std::size_t axis,
                                       std::int64_t extent, ast::ExprId index);

    // calls.cpp: calls of anything; ops and their attributes
    Item visit_node(const ast::Call& call, ast::ExprId id);
    struct Callee {
        const FunctionEntry* function = nullptr;
        std::string written;  // as a formula may call it; empty if it may not
    };
    std::optional<Callee> find_callee(const ast::Call& call);
    Item call_op(const ast::Call& call, ast::ExprId id, const Callee& callee);
    Item fold_op(const Op& op, const std::vector<NodeId>& operands, Span at, ast::ExprId id,
                 const std::vector<ast::ExprId>& places);
    std::optional<Attributes> read_attributes(const ast::Call& call, const Op& op,
                                              const std::string& name, std::size_t operands);
    std::optional<std::size_t> attribute_index(const ast::Argument& argument, const Op& op,
                                               const std::string& name);
    std::optional<Attribute> read_attribute(ast::ExprId id, const AttributeSpec& spec,
                                            const std::string& name);
    std::optional<Tensor> attribute_number(ast::ExprId id, const std::string& what);
    // The first `count` arguments as values; nothing after an error.
    std::optional<std::vector<NodeId>> argument_values(const ast::Call& call, std::size_t count);
    static std::size_t positional_count(const ast::Call& call);
    bool check_positional(const ast::Call& call, const std::string& kind);

    // functions.cpp: functions of the user's, abstract ones, derivatives
    Item call_abstract(const ast::Call& call, ast::ExprId id, const Callee& callee);
    Item call_defined(const ast::Call& call, ast::ExprId id, const Callee& callee);
    Item call_derivative(const ast::Call& call, ast::ExprId id, const Callee& callee);
    std::optional<std::vector<std::size_t>> differentiated(const ast::Call& call,
                                                           const Callee& callee,
                                                           std::size_t arguments);
    std::optional<NodeId> unfold(const FunctionEntry& function, const std::vector<NodeId>& operands,
                                 Span at);
    std::optional<std::size_t> derivable_arguments(const ast::Call& call, const Callee& callee);
    std::optional<NodeId> at_arguments(const ast::Call& call, ast::ExprId id, const Callee& callee,
                                       const std::vector<NodeId>& arguments);
    bool note_abstract_use(const std::string& name, std::size_t arity, Span at,
                           const AbstractUse& use);
    void write_as(NodeId node, const std::string& function, const std::vector<NodeId>& arguments,
                  ast::ExprId id);

    // layers.cpp
    std::optional<std::vector<ast::ExprId>> layer_arguments(const ast::Call& call,
                                                            const ast::Layer& layer);
    Local bind_argument(ast::ExprId id, const ast::Tree& tree, const ast::Layer& layer,
                        const std::string& parameter);
    bool bind_dimensions(const ast::LayerParameter& parameter, const Environment& inside,
                         NodeId value, ast::ExprId id, Locals& locals);
    std::optional<Locals> bind_layer(const FunctionEntry& function,
                                     const std::vector<ast::ExprId>& arguments,
                                     const Environment& inside);
    std::string layer_owner(const std::string& layer, ast::ExprId id);
    Item call_layer(const ast::Call& call, ast::ExprId id, const Callee& callee);

    // partials.cpp: dA/dB
    bool is_half_partial(ast::ExprId id);
    bool is_differential(ast::ExprId id);
    HalfPartial take_half(ast::ExprId id);
    Item half_partial(const ast::Binary& binary);
    Item partial(const ast::Binary& binary, ast::ExprId id);
    bool is_cotangent_of(const HalfPartial& half, NodeId y);
    std::optional<NodeId> known_partial(const std::string& text);
    std::optional<PartialSides> sides_of_partial(const HalfPartial& half, const ast::Name& below,
                                                 Span at);
    std::function<bool(NodeId)> held_for(const PartialSides& sides);
    std::optional<NodeId> partial_value(const PartialSides& sides);

    Session& session_;
    Graph& graph_;
    const Environment& where_;
    const ast::Tree& tree_;
    std::vector<Item> items_;  // from first_ on
    std::vector<bool> nested_;
    ast::ExprId first_ = 0;
    ast::ExprId root_ = 0;
    std::optional<WrittenCall> written_;
};

}  // namespace chainrule
