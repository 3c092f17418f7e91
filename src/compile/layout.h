// Views read through: where the elements of a value stand in the value that it shows.
//
//     z = W'            the elements of W, strides exchanged
//     broadcast(b)      those of b, with stride 0
#pragma once

#include <optional>
#include <vector>

#include "ir/graph.h"

namespace chainrule {

// Element i of a value is element offset + sum(i[axis] * strides[axis]) of `base`, row-major.
struct Layout {
    NodeId base;
    std::int64_t offset = 0;
    Shape shape;
    std::vector<std::int64_t> strides;

    bool is_whole(const Graph& graph) const;  // base itself, element by element
};

class Layouts {
public:
    explicit Layouts(const Graph& graph) : graph_(graph), known_(graph.size()) {}

    // A view that cannot be read through (a reshape of a transpose) is its own base.
    const Layout& of(NodeId id);

private:
    const Graph& graph_;
    std::vector<std::optional<Layout>> known_;
};

Layout row_major(NodeId base, const Shape& shape);

}  // namespace chainrule
