// Walking expressions of a syntax tree with loops.
//
// An arena is in post-order, so that the ascending ids of an expression's nodes visit children
// before parents.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lang/ast.h"

namespace chainrule {

// Appends the children of one node, left to right.
void append_children(const ast::Expr& expr, std::vector<ast::ExprId>& children);

// The nodes of the expression at `root`, ascending.
std::vector<ast::ExprId> expression_nodes(const ast::Tree& tree, ast::ExprId root);

// The roots of all expressions in a statement but a layer's.
void append_roots(const ast::Statement& statement, std::vector<ast::ExprId>& roots);

// What a statement of a layer's body, an equation or a declaration, defines; null for others.
const ast::Identifier* defined_name(const ast::Statement& statement);

// The name that node `id` is, or null.
const ast::Name* name_at(const ast::Tree& tree, ast::ExprId id);

// "input", "target", ...
std::string_view role_name(ast::Role role);

}  // namespace chainrule
