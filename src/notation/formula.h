// A node of the graph as a formula, in text or LaTeX, with the brackets that precedence asks for
// and no others. Named nodes are written by name. What is written as text is legal input of the
// language and means the same node: broadcasts and casts that the language inserts again are left
// out.
#pragma once

#include <functional>
#include <string>

#include "ir/graph.h"

namespace chainrule {

struct FormulaOptions {
    Script script = Script::text;
    // Named nodes to write by what they are computed from, instead of by name. The root is, if
    // `definition` is set.
    bool definition = false;
    std::function<bool(NodeId)> unfold = {};
    // Nodes to write as the call of the user's function that they were, `g2(z2)`, instead of what
    // that function's body made of it.
    std::function<bool(NodeId)> as_written = {};
};

// For `as_written`.
inline bool every_call(NodeId) { return true; }

std::string write_formula(const Graph& graph, NodeId root, const FormulaOptions& options = {});

// The number of operations that the formula would write, counting repetitions; saturates at
// `max_formula_size` and more.
inline constexpr std::size_t max_formula_size = 1'000'000;
std::size_t formula_size(const Graph& graph, NodeId root, const FormulaOptions& options = {});

}  // namespace chainrule
