#include "elaborate/layer_use.h"

#include <fmt/format.h>

#include "elaborate/declarations.h"
#include "elaborate/dependence.h"
#include "elaborate/equation.h"
#include "elaborate/evaluator.h"
#include "elaborate/walk.h"

namespace chainrule {
namespace {

// The body's statements; a name defined twice is reported and its second definition left out.
Statements body_statements(Session& session, const Environment& inside, const ast::Layer& layer,
                           const Locals& parameters, bool& sound) {
    Statements statements;
    statements.library = inside.library;
    for (const ast::Statement& statement : layer.body) {
        const ast::Identifier& name = *defined_name(statement);
        if (parameters.contains(name.name) || statements.defined_by.contains(name.name)) {
            session.error(
                inside, name.span,
                fmt::format("{} is defined twice in layer {}", name.name, layer.name.name));
            sound = false;
            continue;
        }
        statements.defined_by.emplace(name.name, statements.items.size());
        statements.items.push_back({inside.tree, &statement});
    }
    return statements;
}

}  // namespace

std::optional<NodeId> run_layer(Session& session, Environment inside, const ast::Layer& layer,
                                Locals& locals) {
    bool sound = true;
    const Statements statements = body_statements(session, inside, layer, locals, sound);
    inside.siblings = &statements.defined_by;
    const Order order = order_of(statements, session.scope);
    const auto poison = [&](std::size_t item) {
        locals.emplace(defined_name(*statements.items[item].statement)->name, Local{});
    };
    for (const std::vector<std::size_t>& cycle : order.cycles) {
        const auto* name = defined_name(*statements.items[cycle[0]].statement);
        session.error(inside, name->span, describe_cycle(statements, cycle));
        for (const std::size_t item : cycle) {
            poison(item);
        }
    }
    for (const std::size_t item : order.items) {
        const ast::Statement& statement = *statements.items[item].statement;
        const auto* declaration = std::get_if<ast::Declaration>(&statement.node);
        const auto node =
            declaration != nullptr
                ? declare(session, inside, *declaration)
                : run_equation(session, inside, std::get<ast::Equation>(statement.node));
        if (!node) {
            poison(item);
            continue;
        }
        Local local;
        local.kind = Local::Kind::value;
        local.value = *node;
        locals.emplace(defined_name(statement)->name, std::move(local));
    }
    return sound ? Evaluator(session, inside).value(layer.value) : std::nullopt;
}

}  // namespace chainrule
