#include "compile/buffers.h"

#include <algorithm>
#include <string>

#include "ops/op_list.h"
#include "ops/rules.h"

namespace chainrule {

Buffers::Buffers(const Graph& graph, const CompileOptions& options, Plan& plan)
    : graph_(graph), options_(options), plan_(plan) {
    for (const StateUpdate& update : options.updates) {
        updated_leaf_.emplace(update.value, update.leaf);
    }
}

std::uint32_t Buffers::of(NodeId base) {
    const auto found = known_.find(base);
    if (found != known_.end()) {
        return found->second;
    }
    const std::uint32_t made = make(base);
    known_.emplace(base, made);
    return made;
}

std::uint32_t Buffers::make(NodeId base) {
    const Node& node = graph_[base];
    if (graph_.is_op(base, leaf_op)) {
        return leaf(base);
    }
    if (const auto update = updated_leaf_.find(base); update != updated_leaf_.end()) {
        return of(update->second);
    }
    Buffer buffer{
        .name = name_of(base), .region = Region::shared, .size = element_count(node.type.shape)};
    if (graph_.is_op(base, constant_op)) {
        buffer.constant = tensor_attribute(node.attributes, 0);
    } else if (std::holds_alternative<BatchCount>(node.op->lowering)) {
        return plan_.batch_size = add(std::move(buffer));
    } else if (node.type.per_example) {
        buffer.region = Region::rows;
        buffer.blocks = plan_.batch;
    }
    return add(std::move(buffer));
}

std::uint32_t Buffers::leaf(NodeId id) {
    const Type& type = graph_.type(id);
    const auto index = static_cast<std::uint32_t>(plan_.leaves.size());
    const auto known = options_.formats.find(graph_.name(id));
    const ElementFormat own =
        plan_.real == ScalarKind::f32 ? ElementFormat::f32 : ElementFormat::f64;
    plan_.leaves.push_back(
        {graph_.name(id), text_attribute(graph_[id].attributes, 0), type.shape, type.per_example,
         type.per_example && known != options_.formats.end() ? known->second : own});
    return add({.name = graph_.name(id),
                .region = type.per_example ? Region::data : Region::given,
                .size = element_count(type.shape),
                .leaf = index});
}

void Buffers::put_in_scratch(NodeId node, std::int64_t elements) {
    // Blocks begin at multiples of the widest vector.
    constexpr std::int64_t alignment = 16;
    known_[node] = add({.name = name_of(node),
                        .region = Region::scratch,
                        .size = elements,
                        .place = scratch_used_});
    scratch_used_ += (elements + alignment - 1) / alignment * alignment;
    plan_.scratch_size = std::max(plan_.scratch_size, scratch_used_);
}

std::uint32_t Buffers::parts_of(NodeId batch_fold, std::int64_t tiles) {
    const auto found = parts_.find(batch_fold);
    if (found != parts_.end()) {
        return found->second;
    }
    const std::uint32_t made = add({.name = "parts of " + name_of(batch_fold),
                                    .region = Region::tiles,
                                    .size = element_count(graph_.type(batch_fold).shape),
                                    .blocks = tiles});
    parts_.emplace(batch_fold, made);
    return made;
}

std::uint32_t Buffers::add(Buffer buffer) {
    plan_.buffers.push_back(std::move(buffer));
    return static_cast<std::uint32_t>(plan_.buffers.size() - 1);
}

std::string Buffers::name_of(NodeId id) const {
    return "%" + std::to_string(id.index) + " " + std::string(graph_[id].op->name);
}

}  // namespace chainrule
