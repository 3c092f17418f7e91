// The numbers beside the symbols: values for a network's leaves, from the file and from `--at`.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "elaborate/network.h"
#include "eval/evaluate.h"

namespace chainrule {

using NamedValues = std::map<std::string, Tensor>;

// The file's own values, overridden by `at`. Throws UserError for a name that is no leaf of the
// network, a value of the wrong shape, or a label out of range.
Bindings given_values(const Network& network, const NamedValues& at);

// Which nodes have a number: the leaves they need are in `values`, no abstract function stands in
// the way, and no tensor on the way is too large to be printed, let alone read.
std::vector<bool> computable_nodes(const Graph& graph, const Bindings& values);

// More elements than this in one tensor, and a network is explained in symbols alone.
inline constexpr std::int64_t max_evaluated_elements = std::int64_t{1} << 24;
bool is_evaluable(const Graph& graph, std::span<const NodeId> roots);

// About how many operations on numbers it takes to evaluate the roots once: an element each, a
// matrix product its inner products, an inverse the cube of its rows.
double evaluation_cost(const Graph& graph, std::span<const NodeId> roots);
// So many operations take about a second or two.
inline constexpr double evaluation_budget = 2e9;

// `x=0.5`, `W=[[1,2],[3,4]]`, as `--at` takes them. Throws UserError.
std::pair<std::string, Tensor> parse_at(std::string_view text);

// A number or nested arrays of numbers of one shape, in the syntax of JSON. `what` names it in
// errors. Throws UserError.
Tensor parse_tensor(std::string_view text, std::string_view what);

}  // namespace chainrule
