// What the left side of an answer should be equal to, in the network's graph.
//
// The student's own wrong lines can be put in the place of what they should have been, so that what
// follows from them is told apart from a new mistake.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "explain/chain.h"

namespace chainrule {

// One way to understand a left side: dLoss/da may be the whole derivative or that along the direct
// path.
struct Expected {
    NodeId value;
    // The parts that it is put together from, for the diagnosis: terms (one per path) of factors.
    struct Part {
        std::string symbol;  // da2/dz2
        NodeId value;
    };
    std::vector<std::vector<Part>> terms;
};

class AnswerKey {
public:
    AnswerKey(const Network& network);

    Graph& graph() { return chain_.graph; }
    const Network& network() const { return network_; }
    NodeId rate() const { return rate_; }
    const Chain& chain() const { return chain_; }
    // Names that answers may use besides the network's, and what they mean: delta2, alpha.
    std::map<std::string, NodeId> extra_names();

    // The meanings of a name; none if it is the student's own.
    std::vector<Expected> of_name(const std::string& name);
    // The meanings of dA/dB. Throws UserError where it has none.
    std::vector<Expected> of_derivative(const std::string& a, const std::string& b);
    // Of `w <- ...`. Throws UserError for what is no weight.
    std::vector<Expected> of_update(const std::string& weight);

    // From now on `symbol` ("da2/dz2", "z1", "dLoss/da2", "delta2") counts as the student's value.
    void replace(const std::string& symbol, NodeId value) {
        replaced_.insert_or_assign(symbol, value);
    }
    void restore() { replaced_.clear(); }
    bool has_replaced() const { return !replaced_.empty(); }

private:
    std::optional<NodeId> node_called(const std::string& name) const;
    std::optional<NodeId> replaced(const std::string& symbol) const;
    std::string symbol(NodeId a, NodeId b) const;
    Expr partial(NodeId a, NodeId b);
    Expr total(NodeId a);
    Expected gradient(NodeId b);
    Expr pulled(NodeId a, NodeId b, Expr dy);
    Expr with_replaced_names(Expr value);

    const Network& network_;
    Chain chain_;
    NodeId rate_;
    std::map<std::string, NodeId> replaced_;
    std::map<NodeId, Expr> totals_;
};

}  // namespace chainrule
