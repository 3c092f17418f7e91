// Formulas written and read again.
#pragma once

#include <map>
#include <string>

#include "support/random_graph.h"
#include "support/texts.h"

namespace chainrule::tests {

// Reads formulas of a random graph's nodes back into the graph, under the names of its named nodes.
class RoundTrip {
public:
    explicit RoundTrip(RandomGraph& random);

    // Writes the node out by what it is computed from, reads the text, and fails the test unless
    // that has the node's type and value.
    void expect_same(NodeId id);

    // How many of the texts were read as the very same nodes, and how many as others of that value.
    std::size_t same() const { return same_; }
    std::size_t other() const { return other_; }

private:
    RandomGraph& random_;
    Elaborated network_;
    std::map<std::string, NodeId> names_;
    std::size_t same_ = 0;
    std::size_t other_ = 0;
};

}  // namespace chainrule::tests
