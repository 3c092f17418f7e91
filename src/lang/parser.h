// Text -> syntax tree.
//
// One statement per line; a line that ends inside a bracket or on an operator goes on. A statement
// with an error is reported and left out, and parsing goes on with the next line.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "lang/ast.h"
#include "lang/diagnostic.h"

namespace chainrule {

// Brackets, calls and exponents nest at most this deep.
inline constexpr int max_nesting = 1000;
// Operators in one expression: what a formula printed by chainrule stays far below.
inline constexpr int max_expression_size = 100'000;
// Names, numbers, operators and statements in one text: bounds the memory that parsing takes.
inline constexpr std::size_t max_text_terms = 250'000;

// Parses the statements of source `file`. Errors go to `diagnostics`.
ast::Tree parse(const SourceMap& sources, std::uint32_t file, Diagnostics& diagnostics);

// Parses source `file` as one expression, appended to `tree`; nothing after an error.
std::optional<ast::ExprId> parse_expression(const SourceMap& sources, std::uint32_t file,
                                            ast::Tree& tree, Diagnostics& diagnostics);

// Parses source `file` as an answer file, one equality per line, expressions appended to `tree`.
std::vector<ast::Answer> parse_answers(const SourceMap& sources, std::uint32_t file,
                                       ast::Tree& tree, Diagnostics& diagnostics);

}  // namespace chainrule
