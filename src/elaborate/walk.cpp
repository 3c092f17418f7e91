#include "elaborate/walk.h"

#include <algorithm>

#include "lang/overloaded.h"

namespace chainrule {
namespace {

using Ids = std::vector<ast::ExprId>;

void append(const ast::Number&, Ids&) {}
void append(const ast::Name&, Ids&) {}
void append(const ast::Array& array, Ids& ids) {
    ids.insert(ids.end(), array.elements.begin(), array.elements.end());
}
void append(const ast::Negate& negate, Ids& ids) { ids.push_back(negate.operand); }
void append(const ast::Binary& binary, Ids& ids) {
    ids.push_back(binary.lhs);
    ids.push_back(binary.rhs);
}
void append(const ast::Transpose& transpose, Ids& ids) { ids.push_back(transpose.operand); }
void append(const ast::Call& call, Ids& ids) {
    for (const ast::Argument& argument : call.arguments) {
        ids.push_back(argument.value);
    }
}
void append(const ast::Index& index, Ids& ids) {
    ids.push_back(index.operand);
    for (const ast::Subscript& subscript : index.subscripts) {
        if (subscript.start) {
            ids.push_back(*subscript.start);
        }
        if (subscript.stop) {
            ids.push_back(*subscript.stop);
        }
    }
}

}  // namespace

void append_children(const ast::Expr& expr, Ids& children) {
    std::visit([&](const auto& node) { append(node, children); }, expr.node);
}

Ids expression_nodes(const ast::Tree& tree, ast::ExprId root) {
    Ids nodes{root};
    for (std::size_t next = 0; next < nodes.size(); ++next) {
        append_children(tree[nodes[next]], nodes);
    }
    std::ranges::sort(nodes);
    return nodes;
}

void append_roots(const ast::Statement& statement, Ids& roots) {
    const auto add = [&](const std::optional<ast::ExprId>& id) {
        if (id) {
            roots.push_back(*id);
        }
    };
    std::visit(Overloaded{[&](const ast::Declaration& declaration) {
                              roots.insert(roots.end(), declaration.dimensions.begin(),
                                           declaration.dimensions.end());
                              add(declaration.classes);
                              add(declaration.value);
                              add(declaration.initialiser);
                          },
                          [&](const ast::Function& function) { add(function.body); },
                          [&](const ast::Equation& equation) { add(equation.value); },
                          [&](const ast::Loss& loss) { add(loss.value); },
                          [&](const ast::Penalty& penalty) { add(penalty.value); },
                          [&](const ast::Train& train) {
                              for (const ast::Setting& setting : train.settings) {
                                  add(setting.value);
                              }
                          },
                          [](const auto&) {}},
               statement.node);
}

const ast::Identifier* defined_name(const ast::Statement& statement) {
    if (const auto* declaration = std::get_if<ast::Declaration>(&statement.node)) {
        return &declaration->name;
    }
    const auto* equation = std::get_if<ast::Equation>(&statement.node);
    return equation != nullptr ? &equation->name : nullptr;
}

const ast::Name* name_at(const ast::Tree& tree, ast::ExprId id) {
    return std::get_if<ast::Name>(&tree[id].node);
}

std::string_view role_name(ast::Role role) {
    switch (role) {
    case ast::Role::input:
        return "input";
    case ast::Role::target:
        return "target";
    case ast::Role::weight:
        return "weight";
    case ast::Role::constant:
        break;
    }
    return "constant";
}

}  // namespace chainrule
