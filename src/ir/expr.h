// A handle on a node of a graph under construction: what gradient rules and
// passes write formulas with (`dy * y * (1 - y)`; the operators are in
// ops/build.h).
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace chainrule {

class Graph;
struct Type;

struct NodeId {
    std::uint32_t index = ~0U;

    bool valid() const { return index != ~0U; }
    friend auto operator<=>(const NodeId&, const NodeId&) = default;
};

struct Expr {
    Graph* graph = nullptr;
    NodeId id;

    bool valid() const { return graph != nullptr; }
    const Type& type() const;
};

}  // namespace chainrule

template <>
struct std::hash<chainrule::NodeId> {
    std::size_t operator()(chainrule::NodeId id) const noexcept { return id.index; }
};
