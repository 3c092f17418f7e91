#include "render/graph_def.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <protozero/pbf_writer.hpp>
#include <ranges>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "notation/formula.h"
#include "ops/rules.h"

namespace chainrule {
namespace {

using protozero::pbf_writer;

// The numbers of the fields.
namespace graph_field {
constexpr protozero::pbf_tag_type node = 1, versions = 4;
}
namespace version_field {
constexpr protozero::pbf_tag_type producer = 1;
}
namespace node_field {
constexpr protozero::pbf_tag_type name = 1, op = 2, input = 3, attribute = 5;
}
namespace entry_field {
constexpr protozero::pbf_tag_type key = 1, value = 2;
}
namespace value_field {
constexpr protozero::pbf_tag_type list = 1, text = 2;
}
namespace list_field {
constexpr protozero::pbf_tag_type shape = 7;
}
namespace shape_field {
constexpr protozero::pbf_tag_type dimension = 2;
}
namespace dimension_field {
constexpr protozero::pbf_tag_type size = 1;
}

// The named node whose equation a node stands in, for what is anonymous: of several the first.
std::map<NodeId, NodeId> owners(const Graph& graph, const std::vector<NodeId>& nodes) {
    std::map<NodeId, NodeId> owner;
    for (const NodeId id : std::views::reverse(nodes)) {
        const auto of_user = owner.find(id);
        const bool owns_itself = graph.is_named(id) || of_user == owner.end();
        const NodeId above = owns_itself ? id : of_user->second;
        for (const NodeId operand : graph[id].operands) {
            if (!graph.is_named(operand)) {
                const auto [at, is_new] = owner.emplace(operand, above);
                at->second = std::min(at->second, above);
            }
        }
    }
    return owner;
}

std::map<NodeId, std::string> node_names(const Graph& graph, const std::vector<NodeId>& nodes) {
    const std::map<NodeId, NodeId> owner = owners(graph, nodes);
    std::map<NodeId, std::string> names;
    std::set<std::string> taken;
    for (const NodeId id : nodes) {
        std::string name = graph.name(id);
        if (name.empty()) {
            const auto of = owner.find(id);
            const std::string box = of == owner.end() ? "" : graph.name(of->second);
            name = (box.empty() ? "" : box + ".") + std::string(graph[id].op->name);
        }
        std::ranges::replace(name, '.', '/');
        const std::string first = name;
        for (int k = 2; !taken.insert(name).second; ++k) {
            name = fmt::format("{}_{}", first, k);
        }
        names.emplace(id, std::move(name));
    }
    return names;
}

// The bytes of each attribute's value by its key: in their order, which Protocol Buffers leave open
// for maps but for their deterministic form.
using Attributes = std::map<std::string, std::string, std::less<>>;

std::string text_value(std::string_view text) {
    std::string bytes;
    pbf_writer(bytes).add_bytes(value_field::text, text.data(), text.size());
    return bytes;
}

std::string shape_value(const Type& type) {
    std::string shape;
    const auto put = [&](std::int64_t size) {
        std::string dimension;
        pbf_writer(dimension).add_int64(dimension_field::size, size);
        pbf_writer(shape).add_message(shape_field::dimension, dimension);
    };
    if (type.per_example) {
        put(-1);
    }
    std::ranges::for_each(type.shape, put);
    // A number's shape is an empty message, not none.
    std::string list;
    pbf_writer(list).add_message(list_field::shape, shape);
    std::string bytes;
    pbf_writer(bytes).add_message(value_field::list, list);
    return bytes;
}

Attributes attributes_of(const Graph& graph, NodeId id) {
    constexpr std::size_t longest_formula = 50;  // operations
    constexpr std::size_t longest_attribute = 200;
    const Node& of = graph[id];
    Attributes attributes{{"_output_shapes", shape_value(graph.type(id))}};
    for (std::size_t i = 0; i < of.attributes.size(); ++i) {
        const std::string text = to_string(of.attributes[i]);
        if (text.size() <= longest_attribute) {
            attributes.emplace(of.op->attributes[i].name, text_value(text));
        }
    }
    const FormulaOptions definition{
        .script = Script::text, .definition = true, .unfold = {}, .as_written = every_call};
    if (graph.is_named(id) && !of.op->is_leaf() &&
        formula_size(graph, id, definition) <= longest_formula) {
        attributes.emplace("formula", text_value(write_formula(graph, id, definition)));
    }
    return attributes;
}

void put_attributes(pbf_writer& node, const Attributes& attributes) {
    for (const auto& [key, value] : attributes) {
        pbf_writer entry(node, node_field::attribute);
        entry.add_string(entry_field::key, key);
        entry.add_message(entry_field::value, value);
    }
}

// What a leaf is, an input or a weight, says more than that it is one.
std::string op_name(const Node& node) {
    return node.op == &leaf_op ? std::get<std::string>(node.attributes[0])
                               : std::string(node.op->name);
}

}  // namespace

std::string graph_def(const Graph& graph, std::span<const NodeId> roots) {
    const std::vector<NodeId> nodes = reachable(graph, roots);
    const std::map<NodeId, std::string> names = node_names(graph, nodes);
    std::string bytes;
    pbf_writer writer(bytes);
    for (const NodeId id : nodes) {
        pbf_writer node(writer, graph_field::node);
        node.add_string(node_field::name, names.at(id));
        node.add_string(node_field::op, op_name(graph[id]));
        for (const NodeId operand : graph[id].operands) {
            node.add_string(node_field::input, names.at(operand));
        }
        put_attributes(node, attributes_of(graph, id));
    }
    pbf_writer versions(writer, graph_field::versions);
    versions.add_int32(version_field::producer, 22);  // the first that TensorBoard's examples have
    return bytes;
}

}  // namespace chainrule
