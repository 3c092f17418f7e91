#include "ir/graph.h"

#include <algorithm>

namespace chainrule {
namespace {

std::size_t hash_of(const Node& node) {
    std::size_t seed = std::hash<const Op*>{}(node.op);
    for (const NodeId operand : node.operands) {
        seed = hash_combine(seed, operand.index);
    }
    return hash_combine(seed, chainrule::hash_of(node.attributes));
}

bool same_value(const Node& a, const Node& b) {
    return a.op == b.op && a.operands == b.operands && a.attributes == b.attributes;
}

void fill_defaults(const Op& op, Attributes& attributes) {
    const std::vector<AttributeSpec>& specs = op.attributes;
    if (attributes.size() > specs.size()) {
        throw InternalError("op " + std::string(op.name) + " has too many attributes");
    }
    for (std::size_t i = 0; i < specs.size(); ++i) {
        if (i >= attributes.size()) {
            attributes.push_back(specs[i].initial);
        } else if (attributes[i].index() != specs[i].initial.index()) {
            throw InternalError("attribute " + std::string(specs[i].name) + " of op " +
                                std::string(op.name) + " is of the wrong kind");
        }
    }
}

}  // namespace

const Type& Expr::type() const { return graph->type(id); }

std::string ShapeCall::describe(std::size_t i) const {
    const std::string own = name(i);
    return (own.empty() ? "" : own + " ") + chainrule::describe(operands[i]);
}

Node Graph::checked(const Op& op, std::vector<NodeId> operands, Attributes attributes) const {
    const auto count = static_cast<int>(operands.size());
    if (count < op.arity.min || count > op.arity.max) {
        throw InternalError("op " + std::string(op.name) + " was given " + std::to_string(count) +
                            " operands");
    }
    fill_defaults(op, attributes);
    std::vector<Type> types;
    types.reserve(operands.size());
    for (const NodeId operand : operands) {
        if (operand.index >= nodes_.size()) {
            throw InternalError("op " + std::string(op.name) + " has an operand out of the graph");
        }
        types.push_back(type(operand));
    }
    const auto name_of_operand = [&](std::size_t i) { return name(operands[i]); };
    Type result = op.shape({types, attributes, name_of_operand});
    return {&op, std::move(operands), std::move(attributes), std::move(result), 0};
}

NodeId Graph::append(Node node) {
    nodes_.push_back(std::move(node));
    return {static_cast<std::uint32_t>(nodes_.size() - 1)};
}

std::optional<NodeId> Graph::find_equal(const Node& node, std::size_t hash) const {
    const auto [first, last] = anonymous_.equal_range(hash);
    for (auto it = first; it != last; ++it) {
        if (same_value(nodes_[it->second.index], node)) {
            return it->second;
        }
    }
    return std::nullopt;
}

NodeId Graph::add(const Op& op, std::vector<NodeId> operands, Attributes attributes) {
    fill_defaults(op, attributes);
    Node candidate{&op, std::move(operands), std::move(attributes), {}, 0};
    const std::size_t hash = hash_of(candidate);
    if (const auto equal = find_equal(candidate, hash)) {
        return *equal;
    }
    const NodeId id =
        append(checked(op, std::move(candidate.operands), std::move(candidate.attributes)));
    anonymous_.emplace(hash, id);
    return id;
}

NodeId Graph::add_named(std::string name, const Op& op, std::vector<NodeId> operands,
                        Attributes attributes, Span origin) {
    if (by_name_.contains(name)) {
        throw InternalError("the graph has two nodes called " + name);
    }
    Node node = checked(op, std::move(operands), std::move(attributes));
    node.identity = next_identity_++;
    const NodeId id = append(std::move(node));
    by_name_.emplace(name, id);
    names_.emplace(id, std::move(name));
    if (origin) {
        set_origin(id, origin);
    }
    return id;
}

const std::string& Graph::name(NodeId id) const {
    static const std::string none;
    const auto it = names_.find(id);
    return it == names_.end() ? none : it->second;
}

std::optional<NodeId> Graph::find(std::string_view name) const {
    const auto it = by_name_.find(std::string(name));
    return it == by_name_.end() ? std::nullopt : std::optional(it->second);
}

std::vector<NodeId> Graph::named() const {
    std::vector<NodeId> ids;
    ids.reserve(names_.size());
    for (const auto& entry : names_) {
        ids.push_back(entry.first);
    }
    return ids;
}

Span Graph::origin(NodeId id) const {
    const auto it = origins_.find(id);
    return it == origins_.end() ? Span{} : it->second;
}

const WrittenCall* Graph::written(NodeId id) const {
    const auto it = written_.find(id);
    return it == written_.end() ? nullptr : &it->second;
}

std::optional<NodeId> Graph::anonymous_equal(NodeId id) const {
    return find_equal(nodes_[id.index], hash_of(nodes_[id.index]));
}

std::vector<NodeId> reachable(const Graph& graph, std::span<const NodeId> roots) {
    std::vector<bool> needed(graph.size(), false);
    for (const NodeId root : roots) {
        needed[root.index] = true;
    }
    std::size_t count = 0;
    for (std::size_t i = graph.size(); i-- > 0;) {
        if (needed[i]) {
            ++count;
            for (const NodeId operand : graph[{static_cast<std::uint32_t>(i)}].operands) {
                needed[operand.index] = true;
            }
        }
    }
    std::vector<NodeId> ids;
    ids.reserve(count);
    for (std::uint32_t i = 0; i < graph.size(); ++i) {
        if (needed[i]) {
            ids.push_back({i});
        }
    }
    return ids;
}

namespace {

[[noreturn]] void refuse(std::string_view what, NodeId id, const std::string& why) {
    throw InternalError(std::string(what) + " %" + std::to_string(id.index) + " " + why);
}

// What a node must be by itself.
void verify_node(const Graph& graph, NodeId id) {
    const Node& node = graph[id];
    for (const NodeId operand : node.operands) {
        if (operand >= id) {
            refuse("node", id, "comes before its operand");
        }
    }
    if (graph.is_named(id) != (node.identity != 0)) {
        refuse("node", id, "has a name without an identity");
    }
    const std::size_t wanted = node.op->attributes.size();
    if (node.attributes.size() != wanted) {
        refuse("node", id,
               "has " + std::to_string(node.attributes.size()) + " attributes, and its op " +
                   std::string(node.op->name) + " " + std::to_string(wanted));
    }
    const WrittenCall* written = graph.written(id);
    if (written != nullptr && std::ranges::any_of(written->arguments, [&](NodeId argument) {
            return argument.index >= graph.size();
        })) {
        refuse("node", id, "is written as a call of a node out of the graph");
    }
}

}  // namespace

void verify(const Graph& graph) {
    Graph again;
    for (std::uint32_t i = 0; i < graph.size(); ++i) {
        const NodeId id{i};
        const Node& node = graph[id];
        verify_node(graph, id);
        NodeId copy;
        try {
            copy = graph.is_named(id)
                       ? again.add_named(graph.name(id), *node.op, node.operands, node.attributes)
                       : again.add(*node.op, node.operands, node.attributes);
        } catch (const ShapeError& error) {
            refuse("node", id, std::string("has operands its op refuses: ") + error.what());
        }
        if (copy != id) {
            refuse("node", id, "stands in the graph twice");
        }
        if (again.type(copy) != node.type) {
            refuse("node", id, "has a type its op does not give");
        }
    }
    for (const NodeId output : graph.outputs) {
        if (output.index >= graph.size()) {
            refuse("output", output, "is out of the graph");
        }
    }
}

}  // namespace chainrule
