// The value graph: what is printed, checked, drawn, compiled and exported.
//
// Nodes are immutable and appended only; an operand's id is smaller than its
// user's, so the order of ids is a topological order. A node is checked by its
// op's shape rule when it is added, and equal anonymous nodes are one node. A
// leaf and a named equation keep an identity of their own: with `a = x*w; b =
// x*w`, a and b stay two nodes. Names, origins and "written as" live in side
// tables.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ir/attribute.h"
#include "ir/expr.h"
#include "ir/op.h"
#include "lang/diagnostic.h"

namespace chainrule {

struct Node {
    const Op* op = nullptr;
    std::vector<NodeId> operands;
    Attributes attributes;
    Type type;
    std::uint32_t identity = 0;  // 0: anonymous, shared with its equals
};

// How the user wrote a node: as a call of a function of theirs, which the graph
// has inlined.
struct WrittenCall {
    std::string function;
    std::vector<NodeId> arguments;
};

class Graph {
public:
    // The node `op(operands)`; an anonymous equal one if there is one. Attributes
    // left out at the end take their defaults. Throws ShapeError.
    NodeId add(const Op& op, std::vector<NodeId> operands, Attributes attributes = {});

    // The same with a name and an identity of its own. The name must be new.
    NodeId add_named(std::string name, const Op& op, std::vector<NodeId> operands,
                     Attributes attributes = {}, Span origin = {});

    const Node& operator[](NodeId id) const { return nodes_[id.index]; }
    const Type& type(NodeId id) const { return nodes_[id.index].type; }
    std::size_t size() const { return nodes_.size(); }
    bool is_op(NodeId id, const Op& op) const { return nodes_[id.index].op == &op; }

    bool is_named(NodeId id) const { return names_.contains(id); }
    const std::string& name(NodeId id) const;  // empty for an anonymous node
    std::optional<NodeId> find(std::string_view name) const;
    // Named nodes in the order they were added.
    std::vector<NodeId> named() const;

    Span origin(NodeId id) const;
    void set_origin(NodeId id, Span span) { origins_.emplace(id, span); }  // the first one stays

    const WrittenCall* written(NodeId id) const;
    void set_written(NodeId id, WrittenCall call) {
        written_.insert_or_assign(id, std::move(call));
    }

    // What the graph computes: roots that passes keep, in this order.
    std::vector<NodeId> outputs;

    // The anonymous node equal to named node `id`, if it is in the graph.
    std::optional<NodeId> anonymous_equal(NodeId id) const;

    Expr expr(NodeId id) { return {this, id}; }

private:
    NodeId append(Node node);
    std::optional<NodeId> find_equal(const Node& node, std::size_t hash) const;
    Node checked(const Op& op, std::vector<NodeId> operands, Attributes attributes) const;

    std::deque<Node> nodes_;  // a reference to a node's type outlives the next add()
    std::unordered_multimap<std::size_t, NodeId> anonymous_;
    std::map<NodeId, std::string> names_;
    std::unordered_map<std::string, NodeId> by_name_;
    std::unordered_map<NodeId, Span> origins_;
    std::unordered_map<NodeId, WrittenCall> written_;
    std::uint32_t next_identity_ = 1;
};

// Nodes that the roots need, ascending (operands first).
std::vector<NodeId> reachable(const Graph& graph, std::span<const NodeId> roots);

// Throws InternalError where a node breaks a rule of the graph: an operand that
// does not come before its user, a type other than its op's shape rule gives, a
// wrong number of attributes, two equal anonymous nodes, an output that is not there.
void verify(const Graph& graph);

}  // namespace chainrule
