// What is wrong with an answer: the sign, a number, a factor, a term.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "eval/evaluate.h"
#include "explain/answer_key.h"

namespace chainrule {

// Random points at which answers are compared. A point gives the same numbers to the leaves of one
// name in every graph.
class Samples {
public:
    // Up to `count` points at which `node` is finite.
    Samples(const Graph& graph, NodeId node, int count = 8);

    bool empty() const { return attempts_.empty(); }
    Bindings point(const Graph& graph, NodeId node, std::size_t i) const;
    Tensor at(const Graph& graph, NodeId node, std::size_t i) const;
    // Whether `a` is `scale` times `b` at every point.
    bool equal(const Graph& graph, NodeId a, NodeId b, double scale = 1) const;

private:
    std::vector<std::uint64_t> attempts_;
};

// One sentence, or two, on how `yours` differs from what was expected; both are nodes of the
// chain's graph and of one shape.
std::string diagnose(const Chain& chain, const Expected& expected, NodeId yours,
                     const Samples& samples);

}  // namespace chainrule
