#include "elaborate/network.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "elaborate/declarations.h"
#include "elaborate/definitions.h"
#include "elaborate/equation.h"
#include "elaborate/evaluator.h"
#include "elaborate/fan.h"
#include "elaborate/objective.h"
#include "elaborate/recipe.h"
#include "elaborate/walk.h"

namespace chainrule {
namespace {

// Runs a program's statements in the order of their dependence.
class Builder {
public:
    Builder(const Program& program, const ElaborateOptions& options, Scope& scope, Network& network,
            Diagnostics& diagnostics)
        : program_(program),
          options_(options),
          scope_(scope),
          network_(network),
          diagnostics_(diagnostics),
          session_{.graph = network.graph,
                   .scope = scope,
                   .diagnostics = diagnostics,
                   .network = &network,
                   .examples = options.examples,
                   .incomplete = program.incomplete} {}

    void run() {
        allow_for_length();
        const Definitions definitions = read_definitions(program_, scope_, diagnostics_);
        check_functions(definitions, program_, scope_, diagnostics_);
        for (const auto& [name, item] : definitions.values.defined_by) {
            session_.defined.insert(name);
        }
        run_values(definitions.values);
        ObjectiveParts parts;
        for (const Unit& unit : definitions.others) {
            run_other(unit, parts);
        }
        sort_declared();
        scope_.abstract_uses = session_.abstract_uses;
        if (!diagnostics_.has_errors()) {
            build_objective(session_, scope_, parts, options_.needs_loss);
        }
    }

private:
    Environment at(const ast::Tree* tree) const {
        Environment where;
        where.tree = tree;
        return where;
    }

    void allow_for_length() {
        std::unordered_set<const ast::Tree*> trees;
        std::size_t length = 0;
        for (const Unit& unit : program_.units) {
            length += trees.insert(unit.tree).second ? unit.tree->expressions.size() : 0;
        }
        session_.most_nodes = std::max(most_unfolded, 4 * length);
    }

    void run_values(const Statements& values) {
        const Order order = order_of(values, scope_);
        for (const std::vector<std::size_t>& cycle : order.cycles) {
            const ast::Identifier* name = defined_name(*values.items[cycle[0]].statement);
            diagnostics_.error(name->span, describe_cycle(values, cycle));
            for (const std::size_t item : cycle) {
                session_.poisoned.insert(defined_name(*values.items[item].statement)->name);
            }
        }
        for (const std::size_t item : order.items) {
            run_value(values.items[item]);
            note_declared(item);
        }
    }

    void run_value(const Statements::Item& item) {
        const Environment where = at(item.tree);
        const auto* declaration = std::get_if<ast::Declaration>(&item.statement->node);
        const auto node =
            declaration != nullptr
                ? declare(session_, where, *declaration)
                : run_equation(session_, where, std::get<ast::Equation>(item.statement->node));
        if (!node) {
            session_.poisoned.insert(defined_name(*item.statement)->name);
        }
    }

    // Lists go by declaration, also where an equation above has asked for a value first.
    void note_declared(std::size_t item) {
        for (const auto* list : {&network_.inputs, &network_.targets, &network_.constants}) {
            if (!list->empty()) {
                declared_by_.emplace(list->back(), item);
            }
        }
        for (auto weight = network_.weights.rbegin();
             weight != network_.weights.rend() && declared_by_.emplace(weight->node, item).second;
             ++weight) {
        }
    }

    void sort_declared() {
        const auto rank = [&](NodeId node) {
            const auto found = declared_by_.find(node);
            return found == declared_by_.end() ? ~std::size_t{0} : found->second;
        };
        for (auto* list : {&network_.inputs, &network_.targets, &network_.constants}) {
            std::ranges::stable_sort(*list, {}, rank);
        }
        std::ranges::stable_sort(network_.weights, {},
                                 [&](const Weight& weight) { return rank(weight.node); });
    }

    void run_other(const Unit& unit, ObjectiveParts& parts) {
        Environment where = at(unit.tree);
        if (const auto* output = std::get_if<ast::Output>(&unit.statement->node)) {
            for (const ast::Identifier& name : output->names) {
                add_output(where, name);
            }
        } else if (const auto* train = std::get_if<ast::Train>(&unit.statement->node)) {
            read_recipe(session_, where, *train);
        } else if (const auto* loss = std::get_if<ast::Loss>(&unit.statement->node)) {
            read_loss(session_, where, *loss, unit.statement->span, parts);
        } else if (const auto* penalty = std::get_if<ast::Penalty>(&unit.statement->node)) {
            read_penalty(session_, where, *penalty);
        }
    }

    void add_output(const Environment& where, const ast::Identifier& name) {
        const auto node = session_.find_value(where, name.name);
        if (node && network_.graph.is_named(*node)) {
            if (std::ranges::find(network_.outputs, *node) == network_.outputs.end()) {
                network_.outputs.push_back(*node);
            }
            return;
        }
        if (session_.poisoned.contains(name.name) || session_.incomplete) {
            return;
        }
        const bool function = scope_.find_entry(name.name) != nullptr;
        session_.error(where, name.span,
                       function ? fmt::format("{} is a function, not a value", name.name)
                                : fmt::format("unknown name {}{}", name.name,
                                              session_.suggest_value(where, name.name)));
    }

    const Program& program_;
    const ElaborateOptions& options_;
    Scope& scope_;
    Network& network_;
    Diagnostics& diagnostics_;
    Session session_;
    std::unordered_map<NodeId, std::size_t> declared_by_;
};

bool is_empty(const Program& program) {
    return !program.incomplete &&
           std::ranges::all_of(program.units, [](const Unit& unit) { return unit.define; });
}

// In the order of the text.
void hand_over(const Diagnostics& found, Diagnostics& diagnostics) {
    std::vector<Diagnostic> items = found.items();
    std::ranges::stable_sort(items, {}, [](const Diagnostic& item) {
        return std::pair(item.span.file - 1, item.span.begin);  // without a place: last
    });
    for (Diagnostic& item : items) {
        diagnostics.add(std::move(item));
    }
}

std::optional<Elaborated> elaborate_source(std::uint32_t file, const ElaborateOptions& options,
                                           SourceMap& sources, Diagnostics& diagnostics) {
    Elaborated result{{}, std::make_shared<Scope>()};
    result.network.file = sources.name(file);
    Diagnostics found;
    const Program program = read_program(file, options, *result.scope, sources, found);
    if (is_empty(program)) {
        found.error({file, 0, 0},
                    fmt::format("{} is empty: write a network, such as 'input x', 'weight w', "
                                "'z = x * w' and 'loss z^2', one statement per line",
                                sources.name(file)));
    } else {
        Builder(program, options, *result.scope, result.network, found).run();
    }
    hand_over(found, diagnostics);
    if (found.has_errors()) {
        return std::nullopt;
    }
    find_fans(result.network);
    return result;
}

}  // namespace

const Weight* Network::weight(NodeId id) const {
    const auto found = std::ranges::find(weights, id, &Weight::node);
    return found == weights.end() ? nullptr : &*found;
}

std::optional<Elaborated> load_network(const std::string& file, const ElaborateOptions& options,
                                       SourceMap& sources, Diagnostics& diagnostics) {
    const std::uint32_t id = read_source(file, {}, sources, diagnostics);
    return id == 0 ? std::nullopt : elaborate_source(id, options, sources, diagnostics);
}

std::optional<Elaborated> elaborate_text(const std::string& file, const std::string& text,
                                         const ElaborateOptions& options, SourceMap& sources,
                                         Diagnostics& diagnostics) {
    return elaborate_source(sources.add(file, text), options, sources, diagnostics);
}

Expr elaborate_expression(const Scope& scope, Graph& graph, const ast::Tree& tree, ast::ExprId root,
                          const std::map<std::string, NodeId>& extra) {
    Diagnostics found;
    Session session{.graph = graph, .scope = scope, .diagnostics = found, .extra = &extra};
    session.most_nodes = graph.size() + std::max(most_unfolded, 4 * tree.expressions.size());
    Environment where;
    where.tree = &tree;
    const auto value = Evaluator(session, where).value(root);
    if (value) {
        return graph.expr(*value);
    }
    if (found.items().empty()) {
        throw InternalError("an expression has no value, and nothing is wrong with it");
    }
    throw UserError(found.items());
}

}  // namespace chainrule
