// The names that a text may use: functions here, values in the graph under their names. An
// elaborated network keeps its scope, so that printed formulas and answers can be read in it.
//
// Looked up in this order: the user's functions and layers, the standard library's (lib/*.nn), the
// ops. So a user may write `function sigmoid(z) = 1 / (1 + exp(-z))` and mean their own.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ir/op.h"
#include "lang/ast.h"

namespace chainrule {

struct FunctionEntry {
    enum class Kind : std::uint8_t { builtin, abstract, alias, defined, layer };
    Kind kind = Kind::builtin;
    std::string name;
    Span span;                                  // of its name, where it is defined
    const Op* op = nullptr;                     // builtin
    std::string target;                         // alias: of which function ...
    Span target_span;                           // ... which stands there
    const ast::Tree* tree = nullptr;            // what the next two belong to
    const ast::Function* definition = nullptr;  // defined
    const ast::Layer* layer = nullptr;
    bool library = false;   // its spans point into no source of the user's
    bool poisoned = false;  // in error, which has been reported: calls are passed over in silence
};

// How an abstract function has been called.
struct AbstractUse {
    std::size_t arity = 0;
    bool reduces = false;      // of tensors, in the loss: gives a scalar
    bool elementwise = false;  // of one tensor, elsewhere
};

class Scope {
public:
    // With the ops and the standard library.
    Scope();

    // The function of that name with aliases seen through, or null. Cyclic aliases are poisoned.
    // Bodies of the library do not see the user's functions.
    const FunctionEntry* find_function(std::string_view name, bool library = false) const;
    // The same without seeing through aliases.
    const FunctionEntry* find_entry(std::string_view name, bool library = false) const;
    // A function of the text's own.
    FunctionEntry* find_user_function(std::string_view name);
    FunctionEntry& add_user_function(FunctionEntry entry);

    // Trees live as long as the scope, because functions are inlined from them.
    const ast::Tree& keep(ast::Tree tree);

    std::vector<FunctionEntry*> user_functions();
    std::vector<std::string_view> function_names() const;

    std::map<std::string, AbstractUse, std::less<>> abstract_uses;
    std::string objective;  // the name of the objective's node, if there is one

private:
    using Table = std::unordered_map<std::string, std::unique_ptr<FunctionEntry>>;

    void add_library();

    Table user_;
    Table library_;
    Table builtin_;
    std::vector<std::unique_ptr<const ast::Tree>> trees_;
};

}  // namespace chainrule
