#include "elaborate/dependence.h"

#include <algorithm>
#include <unordered_set>

#include "elaborate/walk.h"

namespace chainrule {
namespace {

class Dependence {
public:
    Dependence(const Statements& statements, const Scope& scope)
        : statements_(statements), scope_(scope) {}

    // The items that item `index` uses, without duplicates, in order of use.
    std::vector<std::size_t> of(std::size_t index) {
        const Statements::Item& item = statements_.items[index];
        std::vector<ast::ExprId> roots;
        append_roots(*item.statement, roots);
        Uses uses;
        for (const ast::ExprId root : roots) {
            collect(*item.tree, root, statements_.library, nullptr, uses);
        }
        finish(uses);
        return std::move(uses.items);
    }

private:
    struct Uses {
        std::vector<std::size_t> items;
        std::unordered_set<std::size_t> seen;
        std::vector<const FunctionEntry*> functions;  // called, in whose bodies to look
        std::unordered_set<const FunctionEntry*> called;
    };

    void collect(const ast::Tree& tree, ast::ExprId root, bool library,
                 const std::unordered_set<std::string>* own, Uses& uses) {
        for (const ast::ExprId id : expression_nodes(tree, root)) {
            if (const auto* name = std::get_if<ast::Name>(&tree[id].node)) {
                if (own == nullptr || !own->contains(name->name)) {
                    use_name(name->name, library, uses);
                }
            } else if (const auto* call = std::get_if<ast::Call>(&tree[id].node)) {
                if (own == nullptr || !own->contains(call->callee)) {
                    use_function(call->callee, library, uses);
                }
            }
        }
    }

    void use_name(const std::string& name, bool library, Uses& uses) {
        auto found = statements_.defined_by.find(name);
        if (found == statements_.defined_by.end()) {  // h.W belongs to h
            found = statements_.defined_by.find(name.substr(0, name.find('.')));
        }
        if (found == statements_.defined_by.end()) {
            use_function(name, library, uses);
        } else if (uses.seen.insert(found->second).second) {
            uses.items.push_back(found->second);
        }
    }

    void use_function(const std::string& name, bool library, Uses& uses) {
        const FunctionEntry* function = scope_.find_function(name, library);
        const bool has_body = function != nullptr && !function->poisoned && !function->library &&
                              (function->definition != nullptr || function->layer != nullptr);
        if (has_body && uses.called.insert(function).second) {
            uses.functions.push_back(function);
        }
    }

    void finish(Uses& uses) {
        for (std::size_t next = 0; next < uses.functions.size(); ++next) {
            const FunctionEntry& function = *uses.functions[next];
            const std::vector<std::string> names = own_names(function);
            const std::unordered_set<std::string> own(names.begin(), names.end());
            for (const ast::ExprId root : body_roots(function)) {
                collect(*function.tree, root, function.library, &own, uses);
            }
        }
    }

    const Statements& statements_;
    const Scope& scope_;
};

struct Open {
    std::size_t item;
    std::vector<std::size_t> uses;
    std::size_t next = 0;
};

}  // namespace

std::vector<std::string> own_names(const FunctionEntry& function) {
    std::vector<std::string> names;
    if (function.definition != nullptr) {
        for (const ast::Identifier& parameter : function.definition->parameters) {
            names.push_back(parameter.name);
        }
        return names;
    }
    for (const ast::LayerParameter& parameter : function.layer->parameters) {
        names.push_back(parameter.name.name);
        for (const ast::ExprId dimension : parameter.dimensions) {
            if (const ast::Name* name = name_at(*function.tree, dimension)) {
                names.push_back(name->name);
            }
        }
    }
    for (const ast::Statement& statement : function.layer->body) {
        if (const ast::Identifier* name = defined_name(statement)) {
            names.push_back(name->name);
        }
    }
    return names;
}

std::vector<ast::ExprId> body_roots(const FunctionEntry& function) {
    if (function.definition != nullptr) {
        return {*function.definition->body};
    }
    std::vector<ast::ExprId> roots;
    for (const ast::Statement& statement : function.layer->body) {
        append_roots(statement, roots);
    }
    roots.push_back(function.layer->value);
    return roots;
}

Order order_of(const Statements& statements, const Scope& scope) {
    enum class State : std::uint8_t { untouched, open, done };
    Dependence dependence(statements, scope);
    std::vector<State> state(statements.items.size(), State::untouched);
    Order order;
    std::unordered_set<std::size_t> cyclic;
    for (std::size_t start = 0; start < statements.items.size(); ++start) {
        if (state[start] != State::untouched) {
            continue;
        }
        std::vector<Open> path;
        path.push_back({start, dependence.of(start)});
        state[start] = State::open;
        while (!path.empty()) {
            Open& top = path.back();
            if (top.next == top.uses.size()) {
                state[top.item] = State::done;
                order.items.push_back(top.item);
                path.pop_back();
                continue;
            }
            const std::size_t used = top.uses[top.next++];
            if (state[used] == State::untouched) {
                state[used] = State::open;
                path.push_back({used, dependence.of(used)});
            } else if (state[used] == State::open && !cyclic.contains(used)) {
                std::vector<std::size_t> cycle;
                const auto first =
                    std::ranges::find_if(path, [&](const Open& open) { return open.item == used; });
                for (auto open = first; open != path.end(); ++open) {
                    cycle.push_back(open->item);
                }
                cyclic.insert(cycle.begin(), cycle.end());
                order.cycles.push_back(std::move(cycle));
            }
        }
    }
    std::erase_if(order.items, [&](std::size_t item) { return cyclic.contains(item); });
    return order;
}

std::string describe_cycle(const Statements& statements, const std::vector<std::size_t>& cycle) {
    const auto name = [&](std::size_t item) {
        return defined_name(*statements.items[item].statement)->name;
    };
    std::string text = name(cycle[0]) + " is defined in terms of itself";
    constexpr std::size_t longest = 10;
    if (cycle.size() > 1) {
        text += ": ";
        for (std::size_t i = 0; i < std::min(cycle.size(), longest); ++i) {
            text += name(cycle[i]) + " -> ";
        }
        text += cycle.size() > longest ? "... -> " : "";
        text += name(cycle[0]);
    }
    return text;
}

}  // namespace chainrule
