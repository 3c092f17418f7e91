// The sides of an identity (passes/rewrite.h says what its letters stand for) as patterns: what a
// value must be made of to match one.
//
//     Bound bound;
//     if (matches({tree, left}, graph, id, Match::by_meaning, bound))
//         bound.at("x")   // what x then stands for
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ir/graph.h"
#include "lang/ast.h"

namespace chainrule {

struct Side {
    const ast::Tree& tree;
    ast::ExprId root;
};

// The op at a side's root and the roots of its operands; no op for a name or a number.
struct Pattern {
    const Op* op = nullptr;
    std::vector<ast::ExprId> operands;
};
// Throws InternalError for an op that there is not.
Pattern pattern_of(const Side& side);

bool stands_for_number(const std::string& name);

// Whether a rule sees only what stands there under no name, or also what a name is defined as,
// through it what is only selected (f(a, b)[k] is f(a[k], b[k])), and sums and products in either
// order. For that it appends nodes, also where it then does not match.
enum class Match : std::uint8_t { as_written, by_meaning };

// What the names of an identity stand for.
using Bound = std::map<std::string, NodeId, std::less<>>;
bool matches(const Side& side, Graph& graph, NodeId id, Match match, Bound& bound);

// Names in the order in which they first stand.
using Names = std::vector<std::string>;

// A side without its names' spelling: `add(0, multiply(s1, x2))`. Names of one kind are alike.
std::string canonical(const Side& side, Names& names);

}  // namespace chainrule
