#include "elaborate/definitions.h"

#include <fmt/format.h>

#include <unordered_set>

#include "elaborate/walk.h"

namespace chainrule {
namespace {

using FunctionKind = FunctionEntry::Kind;

// Sorts a program's units into functions, values and the rest.
class DefinitionReader {
public:
    DefinitionReader(const Program& program, Scope& scope, Diagnostics& diagnostics)
        : program_(program), scope_(scope), diagnostics_(diagnostics) {}

    Definitions read() {
        // Defines come second, because a function of theirs completes one that the file declares.
        for (const bool define : {false, true}) {
            for (const Unit& unit : program_.units) {
                if (unit.define == define) {
                    read_function(unit);
                }
            }
        }
        for (const Unit& unit : program_.units) {
            const ast::Identifier* name = defined_name(*unit.statement);
            if (name != nullptr && alias_target(unit) == nullptr) {
                value_names_.insert(name->name);
            }
        }
        for (const Unit& unit : program_.units) {
            read_value(unit);
        }
        return std::move(definitions_);
    }

private:
    void read_function(const Unit& unit) {
        FunctionEntry entry;
        entry.tree = unit.tree;
        if (const auto* layer = std::get_if<ast::Layer>(&unit.statement->node)) {
            entry.kind = FunctionKind::layer;
            entry.name = layer->name.name;
            entry.span = layer->name.span;
            entry.layer = layer;
        } else if (const auto* function = std::get_if<ast::Function>(&unit.statement->node)) {
            entry.name = function->name.name;
            entry.span = function->name.span;
            if (!read_body(unit, *function, entry)) {
                poison(entry.name, entry.span);
                return;
            }
        } else {
            return;
        }
        if (!unit.define || check_mentioned(entry.name, entry.span)) {
            add(std::move(entry));
        }
    }

    bool read_body(const Unit& unit, const ast::Function& function, FunctionEntry& entry) {
        if (!function.body) {
            entry.kind = FunctionKind::abstract;
            return true;
        }
        if (!function.parameters.empty()) {
            entry.kind = FunctionKind::defined;
            entry.definition = &function;
            return true;
        }
        entry.kind = FunctionKind::alias;
        if (const ast::Name* target = name_at(*unit.tree, *function.body)) {
            entry.target = target->name;
            entry.target_span = (*unit.tree)[*function.body].span;
            return true;
        }
        diagnostics_.error((*unit.tree)[*function.body].span,
                           fmt::format("function {0} has no parameters, so that it can only be "
                                       "another function's name: write function {0}(x) = ...",
                                       function.name.name));
        return false;
    }

    void poison(const std::string& name, Span span) {
        if (scope_.find_user_function(name) == nullptr) {
            FunctionEntry entry;
            entry.kind = FunctionKind::abstract;
            entry.name = name;
            entry.span = span;
            entry.poisoned = true;
            scope_.add_user_function(std::move(entry));
        }
    }

    void add(FunctionEntry entry) {
        const FunctionEntry* before = scope_.find_user_function(entry.name);
        if (before == nullptr ||
            (before->kind == FunctionKind::abstract && entry.kind != FunctionKind::abstract &&
             entry.kind != FunctionKind::layer && !before->poisoned)) {
            scope_.add_user_function(std::move(entry));
            return;
        }
        if (!before->poisoned) {
            diagnostics_.error(
                entry.span,
                fmt::format("function {} is {} twice", entry.name,
                            entry.kind == FunctionKind::abstract ? "declared" : "defined"),
                {{fmt::format("{} is first {} here", entry.name,
                              before->kind == FunctionKind::abstract ? "declared" : "defined"),
                  before->span}});
        }
    }

    // The names that the file and the other defines mention: a define of anything else is a typo.
    bool check_mentioned(const std::string& name, Span span) {
        if (mentioned_.empty()) {
            collect_mentions();
        }
        if (mentioned_.contains(name) || scope_.find_user_function(name) != nullptr ||
            program_.incomplete) {
            return true;
        }
        std::vector<std::string_view> candidates(mentioned_.begin(), mentioned_.end());
        for (const FunctionEntry* function : scope_.user_functions()) {
            candidates.push_back(function->name);
        }
        std::erase_if(candidates, [](std::string_view candidate) { return candidate.empty(); });
        const std::string_view near = nearest_name(name, candidates);
        diagnostics_.error(
            span, fmt::format("{} is no function of this network{}", name,
                              near.empty() ? "" : fmt::format("; did you mean {}?", near)));
        return false;
    }

    void collect_mentions() {
        mentioned_.insert("");
        std::unordered_set<const ast::Tree*> trees;
        for (const Unit& unit : program_.units) {
            if (!trees.insert(unit.tree).second) {
                continue;
            }
            for (const ast::Expr& expr : unit.tree->expressions) {
                if (const auto* call = std::get_if<ast::Call>(&expr.node)) {
                    mentioned_.insert(call->callee);
                }
            }
        }
    }

    // What `g1 = sigmoid` names, with g1 a function of the network; null for an equation of values.
    const ast::Name* alias_target(const Unit& unit) {
        const auto* equation = std::get_if<ast::Equation>(&unit.statement->node);
        if (equation == nullptr) {
            return nullptr;
        }
        const bool function =
            unit.define || scope_.find_user_function(equation->name.name) != nullptr;
        const ast::Name* target = function ? name_at(*unit.tree, equation->value) : nullptr;
        return target == nullptr || value_names_.contains(target->name) ? nullptr : target;
    }

    bool read_alias_equation(const Unit& unit) {
        const ast::Name* target = alias_target(unit);
        if (target == nullptr) {
            return false;
        }
        const auto& equation = std::get<ast::Equation>(unit.statement->node);
        const bool known = scope_.find_entry(target->name) != nullptr;
        if (!known && scope_.find_user_function(equation.name.name) == nullptr) {
            return false;
        }
        if (!unit.define || check_mentioned(equation.name.name, equation.name.span)) {
            FunctionEntry entry;
            entry.kind = FunctionKind::alias;
            entry.name = equation.name.name;
            entry.span = equation.name.span;
            entry.target = target->name;
            entry.target_span = (*unit.tree)[equation.value].span;
            add(std::move(entry));
        }
        return true;
    }

    void read_value(const Unit& unit) {
        const ast::Identifier* name = defined_name(*unit.statement);
        if (name == nullptr) {
            const bool function = std::holds_alternative<ast::Function>(unit.statement->node) ||
                                  std::holds_alternative<ast::Layer>(unit.statement->node);
            if (!function) {
                definitions_.others.push_back(unit);
            }
            return;
        }
        if (read_alias_equation(unit)) {
            return;
        }
        Statements& values = definitions_.values;
        const auto [place, fresh] = values.defined_by.emplace(name->name, values.items.size());
        if (fresh) {
            values.items.push_back({unit.tree, unit.statement});
            return;
        }
        const ast::Statement& first = *values.items[place->second].statement;
        const auto* declaration = std::get_if<ast::Declaration>(&first.node);
        if (unit.define && declaration != nullptr) {
            diagnostics_.error(
                name->span,
                fmt::format("{0} is {1} {2} of the file: a define gives equations "
                            "and functions, --at {0}=... gives a value",
                            name->name, declaration->role == ast::Role::input ? "an" : "a",
                            role_name(declaration->role)));
            return;
        }
        diagnostics_.error(name->span, fmt::format("{} is defined twice", name->name),
                           {{fmt::format("{} is first {} here", name->name,
                                         declaration != nullptr ? "declared" : "defined"),
                             defined_name(first)->span}});
    }

    const Program& program_;
    Scope& scope_;
    Diagnostics& diagnostics_;
    Definitions definitions_;
    std::unordered_set<std::string> value_names_;
    std::unordered_set<std::string> mentioned_;
};

}  // namespace

Definitions read_definitions(const Program& program, Scope& scope, Diagnostics& diagnostics) {
    return DefinitionReader(program, scope, diagnostics).read();
}

}  // namespace chainrule
