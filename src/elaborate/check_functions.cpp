// What can be said of functions and layers before they are used.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "elaborate/definitions.h"
#include "elaborate/walk.h"

namespace chainrule {
namespace {

using Kind = FunctionEntry::Kind;

class Checker {
public:
    Checker(const Definitions& definitions, bool incomplete, Scope& scope, Diagnostics& diagnostics)
        : definitions_(definitions),
          incomplete_(incomplete),
          scope_(scope),
          diagnostics_(diagnostics) {}

    void run() {
        const std::vector<FunctionEntry*> functions = scope_.user_functions();
        for (FunctionEntry* function : functions) {
            check_alias(*function);
        }
        for (FunctionEntry* function : functions) {
            if (state_[function] == State::untouched) {
                check_recursion(function);
            }
        }
        for (FunctionEntry* function : functions) {
            check_body(*function);
        }
    }

private:
    enum class State : std::uint8_t { untouched, open, done };

    // An alias of nothing, or of itself by way of others.
    void check_alias(FunctionEntry& function) {
        if (function.kind != Kind::alias || function.poisoned) {
            return;
        }
        std::string chain = function.name;
        const FunctionEntry* entry = &function;
        std::unordered_set<const FunctionEntry*> seen;
        while (entry->kind == Kind::alias && !entry->poisoned) {
            if (!seen.insert(entry).second) {
                diagnostics_.error(function.span,
                                   fmt::format("function {} is defined in terms of itself: {}",
                                               function.name, chain));
                function.poisoned = true;
                return;
            }
            const FunctionEntry* next = scope_.find_entry(entry->target, entry->library);
            if (next == nullptr) {
                if (entry == &function) {
                    report_function(function.target, function.target_span);
                }
                function.poisoned = true;
                return;
            }
            entry = next;
            chain += " -> " + entry->name;
        }
        function.poisoned = entry->poisoned;
    }

    void report_function(const std::string& name, Span span) {
        if (incomplete_) {
            return;
        }
        const std::string_view near = nearest_name(name, scope_.function_names());
        diagnostics_.error(
            span, fmt::format("unknown function {}{}", name,
                              near.empty() ? "" : fmt::format("; did you mean {}?", near)));
    }

    // The user's functions with a body that this one calls.
    std::vector<FunctionEntry*> callees(const FunctionEntry& function) {
        std::vector<FunctionEntry*> result;
        if (function.definition == nullptr && function.layer == nullptr) {
            return result;
        }
        const std::vector<std::string> names = own_names(function);
        const std::unordered_set<std::string> own(names.begin(), names.end());
        for (const ast::ExprId root : body_roots(function)) {
            for (const ast::ExprId id : expression_nodes(*function.tree, root)) {
                const auto* call = std::get_if<ast::Call>(&(*function.tree)[id].node);
                const FunctionEntry* callee = call == nullptr || own.contains(call->callee)
                                                  ? nullptr
                                                  : scope_.find_function(call->callee);
                if (callee != nullptr && callee->span) {
                    result.push_back(scope_.find_user_function(callee->name));
                }
            }
        }
        return result;
    }

    struct Open {
        FunctionEntry* function;
        std::vector<FunctionEntry*> callees;
        std::size_t next = 0;
    };

    void check_recursion(FunctionEntry* start) {
        std::vector<Open> path;
        path.push_back({start, callees(*start)});
        state_[start] = State::open;
        while (!path.empty()) {
            Open& top = path.back();
            if (top.next == top.callees.size()) {
                state_[top.function] = State::done;
                path.pop_back();
                continue;
            }
            FunctionEntry* callee = top.callees[top.next++];
            if (state_[callee] == State::untouched) {
                state_[callee] = State::open;
                path.push_back({callee, callees(*callee)});
            } else if (state_[callee] == State::open) {
                report_recursion(path, callee);
            }
        }
    }

    void report_recursion(const std::vector<Open>& path, FunctionEntry* callee) {
        if (callee->poisoned) {
            return;
        }
        std::string chain = ": " + callee->name;
        for (auto open = std::ranges::find(path, callee, &Open::function); open != path.end();
             ++open) {
            chain += open->function == callee ? "" : " -> " + open->function->name;
            open->function->poisoned = true;
        }
        chain = path.back().function == callee ? "" : chain + " -> " + callee->name;
        diagnostics_.error(
            callee->span,
            fmt::format("{} {} is defined in terms of itself{}",
                        callee->kind == Kind::layer ? "layer" : "function", callee->name, chain));
    }

    void check_body(FunctionEntry& function) {
        if (function.poisoned || (function.definition == nullptr && function.layer == nullptr)) {
            return;
        }
        const std::vector<std::string> names = own_names(function);
        const std::unordered_set<std::string> own(names.begin(), names.end());
        const std::size_t before = diagnostics_.error_count();
        const ast::Tree& tree = *function.tree;
        for (const ast::ExprId root : checked_roots(function)) {
            const std::vector<ast::ExprId> nodes = expression_nodes(tree, root);
            const std::unordered_set<ast::ExprId> words = keyword_values(tree, nodes);
            for (const ast::ExprId id : nodes) {
                if (const auto* name = std::get_if<ast::Name>(&tree[id].node)) {
                    if (!words.contains(id) && !is_known(*name, own)) {
                        report_name(*name, tree[id].span, names);
                    }
                } else if (const auto* call = std::get_if<ast::Call>(&tree[id].node)) {
                    if (!own.contains(call->callee) && scope_.find_entry(call->callee) == nullptr) {
                        report_function(call->callee, call->callee_span);
                    }
                }
            }
        }
        function.poisoned = diagnostics_.error_count() > before;
    }

    // Initialisers have names of their own.
    static std::vector<ast::ExprId> checked_roots(const FunctionEntry& function) {
        std::vector<ast::ExprId> roots = body_roots(function);
        if (function.layer != nullptr) {
            for (const ast::Statement& statement : function.layer->body) {
                const auto* declaration = std::get_if<ast::Declaration>(&statement.node);
                if (declaration != nullptr && declaration->initialiser) {
                    std::erase(roots, *declaration->initialiser);
                }
            }
        }
        return roots;
    }

    // `tanh` in gelu(z, form=tanh) is a word.
    static std::unordered_set<ast::ExprId> keyword_values(const ast::Tree& tree,
                                                          const std::vector<ast::ExprId>& nodes) {
        std::unordered_set<ast::ExprId> values;
        for (const ast::ExprId id : nodes) {
            if (const auto* call = std::get_if<ast::Call>(&tree[id].node)) {
                for (const ast::Argument& argument : call->arguments) {
                    if (!argument.keyword.empty()) {
                        values.insert(argument.value);
                    }
                }
            }
        }
        return values;
    }

    bool is_known(const ast::Name& name, const std::unordered_set<std::string>& own) {
        const auto& values = definitions_.values.defined_by;
        const std::string owner = name.name.substr(0, name.name.find('.'));
        const bool inner = owner != name.name;
        return own.contains(name.name) || values.contains(name.name) || name.name == "pi" ||
               inner || scope_.find_entry(name.name) != nullptr;
    }

    void report_name(const ast::Name& name, Span span, const std::vector<std::string>& own) {
        if (incomplete_) {
            return;
        }
        std::vector<std::string_view> candidates(own.begin(), own.end());
        for (const auto& [value, item] : definitions_.values.defined_by) {
            candidates.push_back(value);
        }
        std::ranges::sort(candidates);
        const std::string_view near = nearest_name(name.name, candidates);
        diagnostics_.error(
            span, fmt::format("unknown name {}{}", name.name,
                              near.empty() ? "" : fmt::format("; did you mean {}?", near)));
    }

    const Definitions& definitions_;
    bool incomplete_;
    Scope& scope_;
    Diagnostics& diagnostics_;
    std::unordered_map<const FunctionEntry*, State> state_;
};

}  // namespace

void check_functions(const Definitions& definitions, const Program& program, Scope& scope,
                     Diagnostics& diagnostics) {
    Checker(definitions, program.incomplete, scope, diagnostics).run();
}

}  // namespace chainrule
