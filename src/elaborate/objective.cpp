#include "elaborate/objective.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "elaborate/evaluator.h"
#include "ops/build.h"

namespace chainrule {
namespace {

// Whether `node` can be (a part of) an objective; says so if not.
bool check_scalar(Session& session, const Environment& where, Span span, NodeId node,
                  std::string_view what) {
    const Type& type = session.graph.type(node);
    if (type.is_index()) {
        session.error(where, span,
                      fmt::format("{} must be a number, and this is a class label", what),
                      session.note_at(node));
        return false;
    }
    if (!type.is_scalar()) {
        const std::string& name = session.graph.name(node);
        session.error(where, span,
                      fmt::format("{} must be a scalar, and {} is {}: sum or mean makes one of it",
                                  what, name.empty() ? "this" : name, describe(type)),
                      session.note_at(node));
        return false;
    }
    return true;
}

void report_missing(Session& session) {
    const Network& network = *session.network;
    const std::vector<NodeId>& values =
        network.outputs.empty() ? network.equations : network.outputs;
    const std::string value = values.empty() ? "z" : network.graph.name(values.back());
    const std::string loss = network.targets.empty()
                                 ? value
                                 : fmt::format("squared_error({}, {})", value,
                                               network.graph.name(network.targets.back()));
    session.diagnostics.error(
        {}, fmt::format("{} has no loss: add a line such as 'loss {}'", network.file, loss));
}

std::string objective_name(const Graph& graph) {
    for (std::string name : {"Loss", "Objective"}) {
        if (!graph.find(name)) {
            return name;
        }
    }
    std::string name = "Objective2";
    for (int i = 3; graph.find(name); ++i) {
        name = "Objective" + std::to_string(i);
    }
    return name;
}

void name_objective(Session& session, const ObjectiveParts& parts) {
    Network& network = *session.network;
    Graph& graph = network.graph;
    if (network.penalties.empty() && graph.is_named(*parts.loss)) {
        network.loss = network.objective = *parts.loss;
        return;
    }
    Expr total = graph.expr(*parts.loss);
    for (const NodeId penalty : network.penalties) {
        total = total + graph.expr(penalty);
    }
    network.objective = name_node(total, objective_name(graph), parts.span).id;
    const bool bare = network.penalties.empty();
    network.loss = bare ? network.objective : *parts.loss;
    if (bare && parts.written) {
        graph.set_written(network.objective, *parts.written);
    }
}

void warn_of_unreached(Session& session) {
    constexpr std::size_t most_warnings = 10;
    const Network& network = *session.network;
    const std::vector<NodeId> roots{network.objective};
    const std::vector<NodeId> reached = reachable(network.graph, roots);
    std::size_t count = 0;
    for (const Weight& weight : network.weights) {
        if (!std::ranges::binary_search(reached, weight.node) && ++count <= most_warnings) {
            session.diagnostics.warning(
                network.graph.origin(weight.node),
                fmt::format("the loss does not depend on {}, so that its gradient is 0",
                            network.graph.name(weight.node)));
        }
    }
    if (count > most_warnings) {
        session.diagnostics.warning(
            {},
            fmt::format("the loss does not depend on {} further weights", count - most_warnings));
    }
}

void choose_roots(Network& network) {
    const auto prediction = std::find_if(network.equations.rbegin(), network.equations.rend(),
                                         [&](NodeId node) { return node != network.objective; });
    if (network.outputs.empty() && prediction != network.equations.rend()) {
        network.outputs.push_back(*prediction);
    }
    std::vector<NodeId>& roots = network.graph.outputs;
    std::unordered_set<NodeId> seen;
    const auto add = [&](NodeId node) {
        if (node.valid() && seen.insert(node).second) {
            roots.push_back(node);
        }
    };
    add(network.objective);
    std::ranges::for_each(network.outputs, add);
    std::ranges::for_each(network.equations, add);
}

}  // namespace

void read_loss(Session& session, const Environment& where, const ast::Loss& loss, Span statement,
               ObjectiveParts& parts) {
    if (parts.statement) {
        session.error(where, statement, "the loss is given twice: write a sum in one statement",
                      {{"it is first given here", parts.statement}});
        return;
    }
    parts.statement = statement;
    parts.span = (*where.tree)[loss.value].span;
    Environment inside = where;
    inside.in_loss = true;
    Evaluator evaluator(session, inside);
    const auto value = evaluator.value(loss.value);
    if (value && check_scalar(session, where, parts.span, *value, "the loss")) {
        parts.loss = value;
        parts.written = evaluator.written();
    }
}

void read_penalty(Session& session, const Environment& where, const ast::Penalty& penalty) {
    const auto value = Evaluator(session, where).value(penalty.value);
    const Span span = (*where.tree)[penalty.value].span;
    if (value && check_scalar(session, where, span, *value, "a penalty")) {
        session.network->penalties.push_back(*value);
    }
}

void build_objective(Session& session, Scope& scope, const ObjectiveParts& parts, bool needs_loss) {
    Network& network = *session.network;
    network.rate_symbol = !network.graph.find("alpha") ? "alpha"
                          : !network.graph.find("eta") ? "eta"
                                                       : "learning_rate";
    if (!parts.loss && (needs_loss || !network.penalties.empty())) {
        report_missing(session);
        return;
    }
    if (parts.loss) {
        name_objective(session, parts);
        scope.objective = network.graph.name(network.objective);
        warn_of_unreached(session);
    }
    choose_roots(network);
}

}  // namespace chainrule
