#include "elaborate/equation.h"

#include "elaborate/evaluator.h"
#include "ops/build.h"

namespace chainrule {

std::optional<NodeId> run_equation(Session& session, const Environment& where,
                                   const ast::Equation& equation) {
    Evaluator evaluator(session, where);
    evaluator.owner = equation.name.name;
    const auto value = evaluator.value(equation.value);
    if (!value) {
        return std::nullopt;
    }
    Graph& graph = session.graph;
    const NodeId node = name_node(graph.expr(*value), where.prefix + equation.name.name,
                                  where.place(equation.name.span))
                            .id;
    if (evaluator.written()) {
        graph.set_written(node, *evaluator.written());
    }
    session.network->equations.push_back(node);
    return node;
}

}  // namespace chainrule
