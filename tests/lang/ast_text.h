// The syntax tree as s-expressions, so that a parser test is one line.
//
//     text_of_expression("-x^2")   ->  "(neg (^ x 2))"
//     text_of("weight W[2] = 0")   ->  "(weight W [2] = 0)"
//
// A text with errors gives "error: <first message>".
#pragma once

#include <string>
#include <string_view>

#include "lang/ast.h"
#include "lang/diagnostic.h"

namespace chainrule::test {

std::string to_text(const ast::Tree& tree, ast::ExprId id);
std::string to_text(const ast::Tree& tree, const ast::Statement& statement);

// All statements, one per line.
std::string text_of(std::string_view source);
std::string text_of_expression(std::string_view source);
// `(= left right...)` or `(<- left right...)`, one per line.
std::string text_of_answers(std::string_view source);

// What the command line would show for source `net.nn`: all diagnostics of parse().
std::string errors_of(std::string_view source);
std::string errors_of_expression(std::string_view source);
std::string errors_of_answers(std::string_view source);

}  // namespace chainrule::test
