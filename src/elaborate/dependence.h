// In which order definitions run: as they stand, but each after those it uses. A text may define a
// name below its first use; only a definition in terms of itself has no order.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "elaborate/scope.h"

namespace chainrule {

struct Statements {
    struct Item {
        const ast::Tree* tree;
        const ast::Statement* statement;
    };
    std::vector<Item> items;
    std::unordered_map<std::string, std::size_t> defined_by;  // a name -> the item that defines it
    bool library = false;
};

struct Order {
    std::vector<std::size_t> items;
    // Items that use one another in a ring, each once, in the order of use; they are not in
    // `items`.
    std::vector<std::vector<std::size_t>> cycles;
};

// Linear in the text, but for long chains of functions that call one another.
Order order_of(const Statements& statements, const Scope& scope);

// "z1 is defined in terms of itself: z1 -> z2 -> z1"
std::string describe_cycle(const Statements& statements, const std::vector<std::size_t>& cycle);

// The names that a function's or layer's own body gives a meaning: parameters, dimensions,
// equations.
std::vector<std::string> own_names(const FunctionEntry& function);

// The roots of the expressions in a function's or layer's body, and the dimensions of parameters.
std::vector<ast::ExprId> body_roots(const FunctionEntry& function);

}  // namespace chainrule
