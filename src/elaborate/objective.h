// The objective of one example: the loss plus the penalties, as one named node.
#pragma once

#include <optional>

#include "elaborate/session.h"

namespace chainrule {

struct ObjectiveParts {
    std::optional<NodeId> loss;
    std::optional<WrittenCall> written;  // how the loss was written: Loss(a2, y)
    Span span;                           // of the loss statement's expression
    Span statement;                      // the first loss statement, sound or not
};

void read_loss(Session& session, const Environment& where, const ast::Loss& loss, Span statement,
               ObjectiveParts& parts);
// A penalty joins the network's.
void read_penalty(Session& session, const Environment& where, const ast::Penalty& penalty);

// Names the objective, decides the outputs and the graph's roots (objective, outputs, equations),
// and warns of weights that the objective does not reach. Without a loss that is needed: an error.
//
// The objective is called Loss, or as what `loss f` names; where something else has that name
// already, Objective.
void build_objective(Session& session, Scope& scope, const ObjectiveParts& parts, bool needs_loss);

}  // namespace chainrule
